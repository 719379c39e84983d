package dev.farspan.context.attention;

import dev.farspan.context.attention.AttentionPattern.DualChunk;
import dev.farspan.context.attention.AttentionPattern.Full;
import dev.farspan.context.attention.AttentionPattern.InfLlm;
import dev.farspan.context.attention.AttentionPattern.Landmark;
import dev.farspan.context.attention.AttentionPattern.LeakyReRope;
import dev.farspan.context.attention.AttentionPattern.LmInfinite;
import dev.farspan.context.attention.AttentionPattern.MemoryTokens;
import dev.farspan.context.attention.AttentionPattern.ReRope;
import dev.farspan.context.attention.AttentionPattern.SelfExtend;
import dev.farspan.context.attention.AttentionPattern.SoftPrompt;
import dev.farspan.context.attention.AttentionPattern.Streaming;
import dev.farspan.context.attention.AttentionPattern.Window;
import dev.farspan.context.attention.AttentionPattern.WindowRecompute;
import java.util.List;
import java.util.function.IntUnaryOperator;

/// The equations of the patterns: `i` is the query's index, `j` the key's.
final class Branches {
  private Branches() {}

  private static int first(int i) {
    return 0;
  }

  static List<Branch> of(AttentionPattern pattern) {
    return switch (pattern) {
      case Full _, WindowRecompute _ -> List.of(Branch.near(Integer.MAX_VALUE));
      case Window(int size) -> List.of(Branch.near(size));
      case Streaming streaming -> streaming(streaming);
      case SelfExtend selfExtend -> selfExtend(selfExtend);
      case ReRope(int window, boolean _) -> List.of(Branch.near(window), constant(window));
      case LeakyReRope leaky -> leaky(leaky);
      case LmInfinite lmInfinite -> lmInfinite(lmInfinite);
      case DualChunk dualChunk -> dualChunk(dualChunk);
      case InfLlm infLlm -> infLlm(infLlm);
      case MemoryTokens memory -> List.of(segment(memory.segment()));
      case SoftPrompt prompt ->
          List.of(Branch.of(Branches::first, i -> i + 1, prompt::position, prompt::position));
      case Landmark landmark -> landmark(landmark);
    };
  }

  /// All keys farther than the window, at distance `window`.
  private static Branch constant(int window) {
    return Branch.of(Branches::first, i -> i - window + 1, _ -> window, _ -> 0);
  }

  /// Sinks keep their index as position; the query's is capped at the last slot of a full cache.
  private static List<Branch> streaming(Streaming p) {
    int lastSlot = p.sinks() + p.window() - 1;
    return List.of(
        Branch.near(p.window()),
        Branch.of(
            Branches::first,
            i -> Math.min(p.sinks(), i - p.window() + 1),
            i -> Math.min(i, lastSlot),
            j -> j));
  }

  /// Far: `(floor(i/G) + w - floor(w/G)) - floor(j/G)`.
  private static List<Branch> selfExtend(SelfExtend p) {
    int shift = p.window() - p.window() / p.group();
    return List.of(
        Branch.near(p.window()),
        Branch.of(
            Branches::first,
            i -> i - p.window() + 1,
            i -> i / p.group() + shift,
            j -> Math.floorDiv(j, p.group())));
  }

  /// Far: `w + (i - j - w) / k`.
  private static List<Branch> leaky(LeakyReRope p) {
    return List.of(
        Branch.near(p.window()),
        Branch.of(
            Branches::first,
            i -> i - p.window() + 1,
            i -> p.window() + (i - p.window()) / p.k(),
            j -> j / p.k()));
  }

  private static List<Branch> lmInfinite(LmInfinite p) {
    return List.of(
        Branch.near(p.window()),
        Branch.of(
            Branches::first,
            i -> Math.min(p.sinks(), i - p.window() + 1),
            _ -> p.window(),
            _ -> 0));
  }

  /// The text of the query's own segment; the summaries before it are no keys of the text.
  private static Branch segment(int s) {
    return Branch.of(i -> i / s * s, i -> i + 1, i -> i % s, j -> j % s);
  }

  /// Keys at `j mod s`; queries at `i mod s`, `min(i mod s + s, chunk)` or `chunk`, by chunk
  /// distance.
  private static List<Branch> dualChunk(DualChunk p) {
    int s = p.stride();
    return List.of(
        Branch.of(i -> i / s * s, i -> i + 1, i -> i % s, j -> j % s),
        Branch.of(
            i -> Math.max(0, (i / s - 1) * s),
            i -> i / s * s,
            i -> Math.min(i % s + s, p.chunk()),
            j -> j % s),
        Branch.of(Branches::first, i -> (i / s - 1) * s, _ -> p.chunk(), j -> j % s));
  }

  /// Near keys; sinks; retrieved blocks; and the old keys that do not fill a block yet.
  private static List<Branch> infLlm(InfLlm p) {
    IntUnaryOperator old = i -> Math.max(0, i - p.local() + 1);
    IntUnaryOperator sinks = i -> Math.min(p.sinks(), old.applyAsInt(i));
    IntUnaryOperator blocks =
        i -> {
          int from = sinks.applyAsInt(i);
          return from + (old.applyAsInt(i) - from) / p.block() * p.block();
        };
    return List.of(
        Branch.near(p.local()),
        Branch.of(Branches::first, sinks, _ -> p.local(), _ -> 0),
        new Branch(sinks, blocks, _ -> p.local(), _ -> 0, true),
        Branch.of(blocks, old, _ -> p.local(), _ -> 0));
  }

  /// Own and local blocks; the last `topk` old ones, and all older ones where the block before
  /// those would stand. Of the old ones a query sees those it retrieves.
  private static List<Branch> landmark(Landmark p) {
    IntUnaryOperator local = i -> p.old(i) * p.width();
    IntUnaryOperator recent = i -> Math.max(0, p.old(i) - p.topk()) * p.width();
    int slot = (p.local() + p.topk() + 1) * p.width();
    return List.of(
        Branch.of(local, i -> i + 1, i -> i, j -> j),
        new Branch(recent, local, i -> i, j -> j, true),
        new Branch(Branches::first, recent, i -> slot + i % p.width(), j -> j % p.width(), true));
  }
}
