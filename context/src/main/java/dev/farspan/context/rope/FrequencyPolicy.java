package dev.farspan.context.rope;

import java.util.List;

/// Which inverse frequencies and attention factor apply at a sequence length.
///
/// One record per method; the equations live in one class each ([Unscaled], [Interpolation],
/// [NtkAware], [PartwiseNtk], [YarnRope], [Llama3Rope], [LongRopeFactors]). [RopeTables#of] maps a
/// policy to the table of a length.
public sealed interface FrequencyPolicy {
  /// One table, however long the sequence.
  sealed interface Fixed extends FrequencyPolicy {}

  /// A table that is renewed as the sequence grows.
  sealed interface Dynamic extends FrequencyPolicy {
    /// Returns when the table is renewed.
    ///
    /// @return the stages
    Stages stages();
  }

  /// The trained table, unchanged.
  record None() implements Fixed {}

  /// Position interpolation (arXiv 2306.15595): every frequency divided by the factor.
  ///
  /// @param factor target length over trained length, at least 1
  record Linear(double factor) implements Fixed {
    /// Checks the factor.
    public Linear {
      requireFactor(factor);
    }
  }

  /// NTK-aware scaling: the base raised so that the slowest pair is divided by exactly the factor.
  ///
  /// @param factor target length over trained length, at least 1
  record Ntk(double factor) implements Fixed {
    /// Checks the factor.
    public Ntk {
      requireFactor(factor);
    }
  }

  /// Another RoPE base (Code Llama, arXiv 2308.12950; ABF, arXiv 2309.16039).
  ///
  /// @param theta the new base
  record BaseChange(double theta) implements Fixed {
    /// Checks the base.
    public BaseChange {
      if (!(theta > 1) || Double.isInfinite(theta)) {
        throw new IllegalArgumentException("theta must be a finite number above 1, got " + theta);
      }
    }
  }

  /// NTK-by-parts as the YaRN paper states it (arXiv 2309.00071 section 3.2), no temperature.
  ///
  /// @param factor target length over trained length, at least 1
  /// @param alpha pairs with fewer rotations over L are interpolated fully
  /// @param beta pairs with more rotations over L are left alone
  record NtkByParts(double factor, double alpha, double beta) implements Fixed {
    /// Checks the values.
    public NtkByParts {
      requireFactor(factor);
      if (!(alpha < beta)) {
        throw new IllegalArgumentException(
            "alpha must be below beta, got alpha=" + alpha + " and beta=" + beta);
      }
    }
  }

  /// YaRN in the form of its published checkpoints (arXiv 2309.00071; transformers `yarn`).
  ///
  /// @param factor target length over trained length, at least 1
  /// @param original trained length that the ramp refers to; 0 takes the model's
  /// @param ramp where the ramp between the two kinds of pairs begins and ends
  /// @param temperature how the attention factor is found
  record Yarn(double factor, int original, YarnRamp ramp, YarnTemperature temperature)
      implements Fixed {
    /// Checks the values.
    public Yarn {
      requireFactor(factor);
      requireOriginal(original);
    }
  }

  /// Llama-3 scaling (transformers `llama3`).
  ///
  /// @param factor divisor of the slow pairs, at least 1
  /// @param low pairs with fewer than `low` turns over `original` are divided by the factor
  /// @param high pairs with more than `high` turns over `original` are left alone
  /// @param original trained length; 0 takes the model's
  record Llama3(double factor, double low, double high, int original) implements Fixed {
    /// Checks the values.
    public Llama3 {
      requireFactor(factor);
      requireOriginal(original);
      if (!(low < high) || !(low > 0)) {
        throw new IllegalArgumentException(
            "low must be positive and below high, got low=" + low + " and high=" + high);
      }
    }
  }

  /// LongRoPE (arXiv 2402.13753; transformers `longrope`, formerly `su`): one divisor per pair.
  ///
  /// @param shortFactors divisors up to the original length
  /// @param longFactors divisors beyond it
  /// @param original trained length L; 0 takes the model's
  /// @param attentionFactor factor on cosine and sine; NaN derives it from `factor`
  /// @param factor extension ratio that the attention factor is derived from, 1 for none
  /// @param whole whether a prompt beyond L uses the long divisors from its first token on
  record LongRope(
      List<Double> shortFactors,
      List<Double> longFactors,
      int original,
      double attentionFactor,
      double factor,
      boolean whole)
      implements FrequencyPolicy {
    /// Checks the values.
    public LongRope {
      requireOriginal(original);
      if (!(factor > 0) || Double.isInfinite(factor)) {
        throw new IllegalArgumentException("longrope needs a finite factor above 0, got " + factor);
      }
      if (attentionFactor <= 0 || Double.isInfinite(attentionFactor)) {
        throw new IllegalArgumentException(
            "attention_factor must be positive, got " + attentionFactor);
      }
      shortFactors = List.copyOf(shortFactors);
      longFactors = List.copyOf(longFactors);
      if (shortFactors.size() != longFactors.size()) {
        throw new IllegalArgumentException(
            "longrope needs as many short as long factors, got "
                + shortFactors.size()
                + " and "
                + longFactors.size());
      }
      requireDivisors(shortFactors);
      requireDivisors(longFactors);
    }
  }

  /// One divisor per pair whatever the length: how GGUF carries Llama-3 scaling, as the tensor
  /// `rope_freqs.weight`.
  ///
  /// @param divisors what each pair's trained frequency is divided by
  record Divisors(List<Double> divisors) implements Fixed {
    /// Copies the list and checks the values.
    public Divisors {
      divisors = List.copyOf(divisors);
      requireDivisors(divisors);
    }
  }

  /// Position interpolation by the length reached.
  ///
  /// @param factor `s(n) = factor * n / L - (factor - 1)`; 1 makes it n/L
  /// @param stages when the table is renewed
  record DynamicLinear(double factor, Stages stages) implements Dynamic {
    /// Checks the factor.
    public DynamicLinear {
      requireFactor(factor);
    }
  }

  /// Dynamic NTK (transformers `dynamic`): NTK-aware scaling by the length reached.
  ///
  /// @param factor `s(n) = factor * n / L - (factor - 1)`; 1 makes it n/L
  /// @param stages when the table is renewed
  record DynamicNtk(double factor, Stages stages) implements Dynamic {
    /// Checks the factor.
    public DynamicNtk {
      requireFactor(factor);
    }
  }

  /// Dynamic YaRN (arXiv 2309.00071 section 3.3): YaRN by the length reached.
  ///
  /// @param factor `s(n) = factor * n / L - (factor - 1)`; 1 makes it n/L
  /// @param stages when the table is renewed
  record DynamicYarn(double factor, Stages stages) implements Dynamic {
    /// Checks the factor.
    public DynamicYarn {
      requireFactor(factor);
    }
  }

  private static void requireFactor(double factor) {
    if (!(factor >= 1) || Double.isInfinite(factor)) {
      throw new IllegalArgumentException(
          "factor must be a finite number of at least 1, got " + factor);
    }
  }

  private static void requireDivisors(List<Double> divisors) {
    for (double divisor : divisors) {
      if (!(divisor > 0) || Double.isInfinite(divisor)) {
        throw new IllegalArgumentException(
            "a frequency must be divided by a finite positive number, not by " + divisor);
      }
    }
  }

  private static void requireOriginal(int original) {
    if (original < 0) {
      throw new IllegalArgumentException("original must be a positive length, got " + original);
    }
  }
}
