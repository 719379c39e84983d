package dev.farspan.evaluation.task.run;

import dev.farspan.evaluation.task.Question;

/// Somebody who says how right an answer is, in place of the task's scoring.
public interface Judge {
  /// Returns how right an answer is.
  ///
  /// @param question what was asked, and the references
  /// @param answer what the model wrote
  /// @return between 0 and 1
  double score(Question question, String answer);
}
