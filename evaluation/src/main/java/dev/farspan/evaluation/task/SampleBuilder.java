package dev.farspan.evaluation.task;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/// Makes tokens of a task's pieces, as many as a length allows: prompt and room for the answer
/// together have exactly that length where running text is filled in, and lack less than one piece
/// where pieces stay whole.
public final class SampleBuilder {
  private final PieceEncoder encoder;
  private final ChatFrame chat;
  private final Haystack haystack;
  private final int[] hay;

  /// Makes a builder.
  ///
  /// @param encoder the model's tokens
  /// @param chat what stands around a message
  /// @param haystack the running text
  public SampleBuilder(PieceEncoder encoder, ChatFrame chat, Haystack haystack) {
    this.encoder = encoder;
    this.chat = chat;
    this.haystack = haystack;
    this.hay = encoder.next(haystack.text());
  }

  /// Returns a sample.
  ///
  /// @param task what is asked
  /// @param draw which sample
  /// @return its tokens and expected answers
  /// @throws IllegalArgumentException if the length is too short for the task or the text too short
  ///   for the length
  public Sample build(Task task, Draw draw) {
    Layout layout = task.layout(draw);
    List<Sample.Item> items =
        layout.questions().stream()
            .map(question -> new Sample.Item(ids(question), question))
            .toList();
    int[] opening = encoder.first(chat.before() + layout.opening());
    List<int[]> inserts = layout.inserts().stream().map(i -> encoder.next(i.text())).toList();
    int fixed =
        opening.length
            + inserts.stream().mapToInt(ids -> ids.length).sum()
            + items.stream().mapToInt(item -> item.ids().length).max().orElseThrow()
            + task.facts().answerTokens();
    int room = draw.length() - fixed;
    if (room < 0) {
      throw new IllegalArgumentException(
          "task '%s' needs %d tokens for its question, needles and answer; a length of %d is too short"
              .formatted(task.facts().name(), fixed, draw.length()));
    }
    List<int[]> pieces =
        switch (layout.filling()) {
          case Filling.Running() -> running(room, draw.length());
          case Filling.Pieces(var ofSize) -> fit(ofSize, room);
        };
    boolean[] borders =
        layout.filling() instanceof Filling.Running ? sentenceEnds(room) : everyBorder(pieces);
    return new Assembly(opening, pieces, borders).with(layout.inserts(), inserts, items);
  }

  private int[] ids(Question question) {
    return encoder.next(question.text() + chat.after() + question.answerPrefix());
  }

  private List<int[]> running(int room, int length) {
    if (room > hay.length) {
      throw new IllegalArgumentException(
          "%s has %,d tokens where a length of %,d needs %,d: take a longer text or a smaller length"
              .formatted(haystack.name(), hay.length, length, room));
    }
    return IntStream.range(0, room).mapToObj(i -> new int[] {hay[i]}).toList();
  }

  /// Returns where a needle may stand: at the start, the end, and after each end of a sentence.
  private boolean[] sentenceEnds(int room) {
    boolean[] borders = new boolean[room + 1];
    for (int i = 1; i < room; i++) {
      borders[i] = encoder.endsSentence(hay[i - 1]);
    }
    borders[0] = true;
    borders[room] = true;
    return borders;
  }

  private static boolean[] everyBorder(List<int[]> pieces) {
    boolean[] borders = new boolean[pieces.size() + 1];
    Arrays.fill(borders, true);
    return borders;
  }

  /// Returns the largest filling that has at most `room` tokens.
  private List<int[]> fit(IntFunction<List<String>> ofSize, int room) {
    Map<String, int[]> known = new HashMap<>(); // most pieces come back in every size
    int low = 0;
    int high = 1;
    while (tokens(encoded(ofSize.apply(high), known)) <= room) {
      low = high;
      high *= 2;
    }
    while (high - low > 1) {
      int middle = (low + high) >>> 1;
      if (tokens(encoded(ofSize.apply(middle), known)) <= room) {
        low = middle;
      } else {
        high = middle;
      }
    }
    List<int[]> best = encoded(ofSize.apply(low), known);
    if (tokens(best) > room) {
      throw new IllegalArgumentException("a length is too short for even the smallest filling");
    }
    return best;
  }

  private List<int[]> encoded(List<String> pieces, Map<String, int[]> known) {
    return pieces.stream().map(piece -> known.computeIfAbsent(piece, encoder::next)).toList();
  }

  private static int tokens(List<int[]> pieces) {
    return pieces.stream().mapToInt(ids -> ids.length).sum();
  }

  /// Pieces of a filling with inserts between them.
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Assembly(int[] opening, List<int[]> pieces, boolean[] borders) {
    Sample with(List<Insert> inserts, List<int[]> ids, List<Sample.Item> items) {
      int[] at = inserts.stream().mapToInt(insert -> border(insert.depth())).toArray();
      List<Integer> order =
          IntStream.range(0, at.length)
              .boxed()
              .sorted(Comparator.comparingInt(i -> at[i])) // stable: equals stay in their order
              .toList();
      Tokens out = new Tokens();
      out.add(opening);
      Integer[] places = new Integer[at.length];
      Double[] depths = new Double[at.length];
      int all = Math.max(1, tokens(pieces));
      int filled = 0;
      int next = 0;
      for (int piece = 0; piece <= pieces.size(); piece++) {
        for (; next < at.length && at[order.get(next)] == piece; next++) {
          int insert = order.get(next);
          places[insert] = out.size();
          depths[insert] = 100.0 * filled / all;
          out.add(ids.get(insert));
        }
        if (piece < pieces.size()) {
          out.add(pieces.get(piece));
          filled += pieces.get(piece).length;
        }
      }
      return new Sample(out.toArray(), items, List.of(places), List.of(depths));
    }

    /// Returns the last border at or before a depth (gkamradt/LLMTest_NeedleInAHaystack).
    private int border(double depth) {
      int border = (int) (pieces.size() * depth / 100);
      while (!borders[border]) {
        border--;
      }
      return border;
    }
  }

  /// A growing list of ids.
  private static final class Tokens {
    private final List<int[]> parts = new ArrayList<>();
    private int size;

    void add(int[] ids) {
      parts.add(ids);
      size += ids.length;
    }

    int size() {
      return size;
    }

    int[] toArray() {
      int[] all = new int[size];
      int at = 0;
      for (int[] part : parts) {
        System.arraycopy(part, 0, all, at, part.length);
        at += part.length;
      }
      return all;
    }
  }
}
