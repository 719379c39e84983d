package dev.farspan.context.rope;

import dev.farspan.context.rope.FrequencyPolicy.BaseChange;
import dev.farspan.context.rope.FrequencyPolicy.Divisors;
import dev.farspan.context.rope.FrequencyPolicy.DynamicLinear;
import dev.farspan.context.rope.FrequencyPolicy.DynamicNtk;
import dev.farspan.context.rope.FrequencyPolicy.DynamicYarn;
import dev.farspan.context.rope.FrequencyPolicy.Linear;
import dev.farspan.context.rope.FrequencyPolicy.Llama3;
import dev.farspan.context.rope.FrequencyPolicy.LongRope;
import dev.farspan.context.rope.FrequencyPolicy.None;
import dev.farspan.context.rope.FrequencyPolicy.Ntk;
import dev.farspan.context.rope.FrequencyPolicy.NtkByParts;
import dev.farspan.context.rope.FrequencyPolicy.Yarn;
import java.util.List;

/// The one list of frequency methods: from a policy and a length to the table in force.
public final class RopeTables {
  private RopeTables() {}

  /// Returns the table of exactly this length, without rounding it to a stage.
  ///
  /// @param policy the method
  /// @param base the rotary embedding the model was trained with
  /// @param length tokens in the sequence
  /// @return the table in force
  /// @throws IllegalArgumentException if the policy does not fit the base, such as a LongRoPE list
  ///   of another length
  public static RopeTable of(FrequencyPolicy policy, RopeBase base, int length) {
    return switch (policy) {
      case None() -> trained(base);
      case Linear(double factor) -> plain(Interpolation.inverseFrequencies(base, factor));
      case Ntk(double factor) -> plain(NtkAware.inverseFrequencies(base, factor));
      case BaseChange(double theta) -> plain(Unscaled.inverseFrequencies(base.rotaryDim(), theta));
      case NtkByParts parts -> plain(PartwiseNtk.inverseFrequencies(base, parts));
      case Yarn yarn -> yarn(base, yarn);
      case Llama3 llama3 ->
          plain(Llama3Rope.inverseFrequencies(base, llama3, original(llama3.original(), base)));
      case Divisors(var divisors) -> plain(LongRopeFactors.inverseFrequencies(base, divisors));
      case LongRope longRope -> longRope(base, longRope, length);
      case DynamicLinear(double factor, Stages _) ->
          length <= base.trainedLength()
              ? trained(base)
              : plain(Interpolation.inverseFrequencies(base, scale(base, factor, length)));
      case DynamicNtk(double factor, Stages _) ->
          length <= base.trainedLength()
              ? trained(base)
              : plain(NtkAware.inverseFrequencies(base, scale(base, factor, length)));
      case DynamicYarn(double factor, Stages _) ->
          length <= base.trainedLength()
              ? trained(base)
              : yarn(base, staticYarn(scale(base, factor, length)));
    };
  }

  /// Returns the base that a policy amounts to: raised by [FrequencyPolicy.Ntk], replaced by
  /// [FrequencyPolicy.BaseChange], else the trained one.
  ///
  /// @param policy the method
  /// @param base the rotary embedding the model was trained with
  /// @return the base of the geometric progression
  public static double theta(FrequencyPolicy policy, RopeBase base) {
    return switch (policy) {
      case Ntk(double factor) -> NtkAware.theta(base, factor);
      case BaseChange(double theta) -> theta;
      case None _,
          Linear _,
          FrequencyPolicy.NtkByParts _,
          Yarn _,
          Llama3 _,
          Divisors _,
          LongRope _,
          FrequencyPolicy.Dynamic _ ->
          base.theta();
    };
  }

  /// Returns what each pair's trained frequency is divided by under a policy, as numbers of 32
  /// bits: the form in which files carry a table that no key of theirs describes.
  ///
  /// @param policy the method; one whose table stays
  /// @param base the rotary embedding the model was trained with
  /// @return one divisor for each pair, those of [FrequencyPolicy.Divisors] as they are; of others
  ///   it makes the table again, but for the last bit of some pairs
  public static List<Double> divisors(FrequencyPolicy policy, RopeBase base) {
    return policy instanceof Divisors(List<Double> given)
        ? given
        : LongRopeFactors.divisors(
            base, of(policy, base, base.trainedLength()).inverseFrequencies());
  }

  private static RopeTable trained(RopeBase base) {
    return plain(Unscaled.inverseFrequencies(base.rotaryDim(), base.theta()));
  }

  private static RopeTable plain(float[] inverseFrequencies) {
    return new RopeTable(inverseFrequencies, 1);
  }

  private static double scale(RopeBase base, double factor, int length) {
    return NtkAware.scaleAt(factor, length, base.trainedLength());
  }

  private static Yarn staticYarn(double factor) {
    return new Yarn(factor, 0, YarnRamp.DEFAULT, new YarnTemperature.FromFactor());
  }

  private static RopeTable yarn(RopeBase base, Yarn yarn) {
    int original = original(yarn.original(), base);
    return new RopeTable(
        YarnRope.inverseFrequencies(base, yarn.factor(), original, yarn.ramp()),
        yarn.temperature().attentionFactor(yarn.factor()));
  }

  private static RopeTable longRope(RopeBase base, LongRope policy, int length) {
    int original = original(policy.original(), base);
    double attentionFactor =
        Double.isNaN(policy.attentionFactor())
            ? LongRopeFactors.attentionFactor(policy.factor(), original)
            : policy.attentionFactor();
    return new RopeTable(
        LongRopeFactors.inverseFrequencies(
            base, length > original ? policy.longFactors() : policy.shortFactors()),
        attentionFactor);
  }

  /// Returns the attention factor that LongRoPE has where none is given.
  ///
  /// @param length tokens that the model is extended to
  /// @param original tokens that it was trained for, more than 1
  /// @return the factor on cosine and sine
  public static double longRopeAttention(int length, int original) {
    return LongRopeFactors.attentionFactor((double) length / original, original);
  }

  /// Returns the length that a scaling starts from.
  ///
  /// @param given what the policy names; 0 for the trained length
  /// @param base the rotary embedding the model was trained with
  /// @return tokens
  public static int original(int given, RopeBase base) {
    return given == 0 ? base.trainedLength() : given;
  }
}
