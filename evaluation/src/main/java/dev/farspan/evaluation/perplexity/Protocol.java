package dev.farspan.evaluation.perplexity;

import java.util.ArrayList;
import java.util.List;

/// Which tokens of a text are predicted from which others. Numbers of different protocols cannot be
/// compared.
public enum Protocol {
  /// A window of the length moves over the whole text by the stride; every token is predicted once,
  /// from `length - stride` tokens or more as soon as that many stand before it. Chen et al., 2023,
  /// arXiv:2306.15595, section 3.2 (S = 256); the loop is that of huggingface.co/docs/transformers,
  /// "Perplexity of fixed-length models".
  ///
  /// The first windows begin with the text and are read in one session, for each is a prefix of the
  /// last of them.
  SLIDING {
    @Override
    public List<Pass> passes(int document, int tokens, int length, int stride) {
      List<Pass> passes = new ArrayList<>();
      if (tokens < length) {
        return passes;
      }
      passes.add(new Pass(document, 0, length, 1));
      for (int target = length; target < tokens; target += stride) {
        int to = Math.min(target + stride, tokens);
        int from = Math.max(0, target + stride - length);
        passes.add(new Pass(document, from, to, target));
      }
      return passes;
    }

    @Override
    public int needed(int length) {
      return length;
    }
  },

  /// The first `length` tokens of each text in one session, every prediction counts. Peng et al.,
  /// 2023, arXiv:2309.00071, section 4.3.1 (their windows of 256 begin with the text, so they are
  /// prefixes of one another).
  WHOLE {
    @Override
    public List<Pass> passes(int document, int tokens, int length, int stride) {
      return tokens < length ? List.of() : List.of(new Pass(document, 0, length, 1));
    }

    @Override
    public int needed(int length) {
      return length;
    }
  },

  /// Chunks of the length without overlap, the second half of each counts: `tools/perplexity` of
  /// llama.cpp (`first = n_ctx / 2`; it asks for two chunks at least and predicts token `first + 1`
  /// first).
  LLAMA {
    @Override
    public List<Pass> passes(int document, int tokens, int length, int stride) {
      List<Pass> passes = new ArrayList<>();
      if (tokens < needed(length)) {
        return passes;
      }
      for (int from = 0; from + length <= tokens; from += length) {
        passes.add(new Pass(document, from, from + length, from + length / 2 + 1));
      }
      return passes;
    }

    @Override
    public int needed(int length) {
      return Math.multiplyExact(2, length);
    }
  };

  /// Returns the passes over a text, in order.
  ///
  /// @param document which document, from 0
  /// @param tokens how many it has
  /// @param length tokens of a window, at least 3
  /// @param stride tokens that the window moves by
  /// @return none if the text is too short
  public abstract List<Pass> passes(int document, int tokens, int length, int stride);

  /// Returns how many tokens a text must have.
  ///
  /// @param length tokens of a window
  /// @return the least number
  public abstract int needed(int length);

  /// Returns whether the token that begins texts, where the tokenizer has one, is put in the place
  /// of the first token of every window, as llama.cpp does; else it begins the text alone.
  ///
  /// @return whether every window begins so
  public boolean beginsEveryWindow() {
    return this == LLAMA;
  }
}
