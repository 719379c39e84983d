/// Measures what a context method does to a model, and reports it.
@org.jspecify.annotations.NullMarked
module dev.farspan.evaluation {
  requires java.net.http;
  requires static org.jspecify;
  requires transitive tools.jackson.databind;
  requires transitive dev.farspan.runtime;

  exports dev.farspan.evaluation;
  exports dev.farspan.evaluation.advice;
  exports dev.farspan.evaluation.bench;
  exports dev.farspan.evaluation.cells;
  exports dev.farspan.evaluation.perplexity;
  exports dev.farspan.evaluation.report;
  exports dev.farspan.evaluation.search;
  exports dev.farspan.evaluation.store;
  exports dev.farspan.evaluation.task;
  exports dev.farspan.evaluation.task.catalog;
  exports dev.farspan.evaluation.task.run;
  exports dev.farspan.evaluation.text;
}
