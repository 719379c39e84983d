package dev.farspan.kernels;

import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/// The vector species of this machine and the curves on whole vectors. Constant expressions all, so
/// that the compiler sees one shape.
final class Lanes {
  static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
  static final VectorSpecies<Integer> I = VectorSpecies.of(int.class, F.vectorShape());
  static final VectorSpecies<Long> J = VectorSpecies.of(long.class, F.vectorShape());

  /// As many shorts as [#F] has floats.
  static final VectorSpecies<Short> H =
      VectorSpecies.of(short.class, VectorShape.forBitSize(F.vectorBitSize() / 2));

  /// Floats in one vector.
  static final int L = F.length();

  /// As many bytes as a vector has floats; no species holds fewer than 8.
  static final VectorSpecies<Byte> B =
      VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(64, 8 * L)));

  static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

  // 1.5 * 2^23: adding it to a float below 2^22 rounds that float to an integer, which then stands
  // in the low bits.
  private static final float ROUND = 12_582_912f;
  private static final float LOG2_E = (float) (1 / Math.log(2));
  // ln 2 in two parts; the first has 9 trailing zero bits, so its product with an exponent is
  // exact.
  private static final float LN2_HIGH = Float.intBitsToFloat(bitsOf((float) Math.log(2)) & ~0x1ff);
  private static final float LN2_LOW = (float) (Math.log(2) - LN2_HIGH);
  // exp(-87) = 1.6e-38 is the last power of e that is a normal float; exp(88) = 1.7e38 is finite.
  private static final float LEAST = -87;
  private static final float MOST = 88;

  static final VectorShuffle<Float> FOLD_16 = fold(16);
  static final VectorShuffle<Float> FOLD_8 = fold(8);
  static final VectorShuffle<Float> FOLD_4 = fold(4);
  static final VectorShuffle<Float> FOLD_2 = fold(2);
  static final VectorShuffle<Float> FOLD_1 = fold(1);

  private Lanes() {}

  private static int bitsOf(float x) {
    return Float.floatToRawIntBits(x);
  }

  /// Returns `exp(x)`: 0 below -87, `exp(88)` above 88, NaN for NaN; elsewhere within 1.5 units in
  /// the last place.
  ///
  /// `x = n ln 2 + r`, `|r| <= ln(2)/2`; `exp(r)` by its Taylor polynomial of degree 7, whose first
  /// term left out is `r^8/8! < 6e-9`.
  static FloatVector exp(FloatVector x) {
    VectorMask<Float> tiny = x.compare(VectorOperators.LT, LEAST);
    FloatVector in = x.blend(LEAST, tiny).blend(MOST, x.compare(VectorOperators.GT, MOST));
    FloatVector rounded = in.fma(splat(LOG2_E), splat(ROUND));
    FloatVector n = rounded.sub(ROUND);
    FloatVector r = n.fma(splat(-LN2_HIGH), in);
    r = n.fma(splat(-LN2_LOW), r);
    FloatVector p = r.fma(splat(1f / 5040), splat(1f / 720));
    p = p.fma(r, splat(1f / 120)).fma(r, splat(1f / 24)).fma(r, splat(1f / 6));
    p = p.fma(r, splat(0.5f)).fma(r, splat(1f)).fma(r, splat(1f));
    // 2^n: n sits in the low bits of `rounded`; shifted to the exponent field it is added to p's.
    IntVector exponent = rounded.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
    FloatVector power = p.reinterpretAsInts().add(exponent).reinterpretAsFloats();
    return power.blend(0f, tiny);
  }

  /// Returns `2^x` for `x <= 127`: 0 below -125, NaN for NaN; elsewhere within 1.5 units in the
  /// last place.
  ///
  /// `x = n + r`, `|r| <= 1/2`; `2^r` by the polynomial of degree 6 whose largest relative error is
  /// least, 1.9e-9 (Remez exchange; its constant term rounds to 1). Fewer constants than [#exp]:
  /// all of them stay in the 16 registers of AVX2.
  static FloatVector exp2(FloatVector x) {
    VectorMask<Float> tiny = x.compare(VectorOperators.LT, -125f);
    FloatVector rounded = x.add(ROUND);
    FloatVector r = x.sub(rounded.sub(ROUND));
    FloatVector p = r.fma(splat(1.5345812e-4f), splat(1.3399931e-3f));
    p = p.fma(r, splat(9.618489e-3f)).fma(r, splat(5.5503286e-2f)).fma(r, splat(0.24022646f));
    p = p.fma(r, splat(0.6931472f)).fma(r, splat(1f));
    IntVector exponent = rounded.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
    return p.reinterpretAsInts().add(exponent).reinterpretAsFloats().blend(0f, tiny);
  }

  /// Returns `1 / (1 + exp(-x))`.
  static FloatVector sigmoid(FloatVector x) {
    return splat(1f).div(exp(x.neg()).add(1f));
  }

  /// Returns `tanh(x)`: up to 1 by Lambert's continued fraction `x/(1 + x^2/(3 + x^2/(5 + ..)))`
  /// cut after 11 (error below 1e-9), beyond by `1 - 2/(exp(2|x|) + 1)`.
  static FloatVector tanh(FloatVector x) {
    FloatVector square = x.mul(x);
    FloatVector fraction = splat(11f);
    fraction = square.div(fraction).add(9f);
    fraction = square.div(fraction).add(7f);
    fraction = square.div(fraction).add(5f);
    fraction = square.div(fraction).add(3f);
    fraction = square.div(fraction).add(1f);
    FloatVector near = x.div(fraction);
    FloatVector size = x.abs();
    FloatVector far = splat(1f).sub(splat(2f).div(exp(size.add(size)).add(1f)));
    FloatVector signed = far.blend(far.neg(), x.compare(VectorOperators.LT, 0f));
    return near.blend(signed, size.compare(VectorOperators.GT, 1f));
  }

  /// Returns the floats whose halves stand in the low 16 bits of each lane, sign-extended.
  ///
  /// Moved to a float's place a half's exponent is short by 127 - 15 = 112; one product repairs
  /// that and subnormals with it. Infinity and NaN keep all exponent bits set.
  static FloatVector fromHalf(IntVector bits) {
    IntVector moved = bits.lanewise(VectorOperators.LSHL, 13).and(0x8fff_e000);
    FloatVector value = moved.reinterpretAsFloats().mul(0x1p112f);
    // no finite half is as large as 2^16
    VectorMask<Float> special = value.abs().compare(VectorOperators.GE, 0x1p16f);
    return value.blend(moved.or(0x7f80_0000).reinterpretAsFloats(), special);
  }

  /// Returns the sum of all lanes, halves folded onto each other.
  ///
  /// `reduceLanes(ADD)` would leave the order of the sum open: it is another one in interpreted
  /// code than in compiled code, so a result would depend on how warm the JVM is.
  static float sum(FloatVector v) {
    FloatVector folded = v;
    if (L >= 32) {
      folded = folded.add(folded.rearrange(FOLD_16));
    }
    if (L >= 16) {
      folded = folded.add(folded.rearrange(FOLD_8));
    }
    if (L >= 8) {
      folded = folded.add(folded.rearrange(FOLD_4));
    }
    if (L >= 4) {
      folded = folded.add(folded.rearrange(FOLD_2));
    }
    return folded.add(folded.rearrange(FOLD_1)).lane(0);
  }

  private static VectorShuffle<Float> fold(int distance) {
    return VectorShuffle.fromOp(F, lane -> (lane ^ distance) % L);
  }

  /// Adds a sum to one vector of `c`.
  static void addTo(float[] c, int at, FloatVector sum) {
    FloatVector.fromArray(F, c, at).add(sum).intoArray(c, at);
  }

  /// Adds two sums to two neighbouring vectors of `c`.
  static void addTo(float[] c, int at, FloatVector left, FloatVector right) {
    addTo(c, at, left);
    addTo(c, at + L, right);
  }

  static FloatVector splat(float x) {
    return FloatVector.broadcast(F, x);
  }

  static IntVector ints(ShortVector halves) {
    return (IntVector) halves.convertShape(VectorOperators.S2I, I, 0);
  }

  static FloatVector floats(IntVector v) {
    return (FloatVector) v.convertShape(VectorOperators.I2F, F, 0);
  }

  static IntVector broadcast(long eightBytes) {
    return LongVector.broadcast(J, eightBytes).reinterpretAsInts();
  }
}
