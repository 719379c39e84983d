package dev.farspan.evaluation.task;

import java.util.Arrays;
import java.util.List;

/// One sample as a model reads it.
///
/// @param context tokens that all questions share
/// @param items what is asked after them
/// @param places position in the context of each insert's first token, in the order of the layout
/// @param depths where each insert lies, in percent of the tokens of the filling
@SuppressWarnings("ArrayRecordComponent") // never compared; handed on to a session
public record Sample(int[] context, List<Item> items, List<Integer> places, List<Double> depths) {
  /// Copies the lists.
  public Sample {
    items = List.copyOf(items);
    places = List.copyOf(places);
    depths = List.copyOf(depths);
  }

  /// One question.
  ///
  /// @param ids its tokens, the beginning of the answer included
  /// @param question as the task asks it
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Item(int[] ids, Question question) {}

  /// Returns a question's whole prompt.
  ///
  /// @param item one of the questions
  /// @return context and question
  public int[] prompt(Item item) {
    int[] prompt = Arrays.copyOf(context, context.length + item.ids().length);
    System.arraycopy(item.ids(), 0, prompt, context.length, item.ids().length);
    return prompt;
  }
}
