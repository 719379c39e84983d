package dev.farspan.evaluation.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// A linear scale whose ends and ticks are round numbers.
///
/// @param from value at its start
/// @param to value at its end
/// @param step distance of its ticks
record Axis(double from, double to, double step) implements ValueAxis {
  private static final int TICKS = 7;
  private static final int POSITION_TICKS = 8;

  /// Losses: steps of 1, 2 or 5 times a power of ten, both ends ticks.
  static Axis ofLosses(double least, double most) {
    double spread = Math.max(most - least, 0.1);
    double step = 0.01;
    for (int i = 0; spread / step > TICKS - 1; i++) {
      step *= i % 3 == 1 ? 2.5 : 2;
    }
    double from = Math.floor(least / step) * step;
    double to = Math.ceil(most / step) * step;
    return new Axis(from, to > from ? to : from + step, step);
  }

  /// Positions: steps of a power of two, as lengths of context are; the axis ends with the text.
  static Axis ofPositions(int tokens) {
    long step = 1;
    while (tokens / step > POSITION_TICKS) {
      step *= 2;
    }
    return new Axis(0, tokens, step);
  }

  @Override
  public List<Double> ticks() {
    List<Double> ticks = new ArrayList<>();
    for (int i = 0; from + i * step <= to + step * 1e-6; i++) {
      ticks.add(from + i * step);
    }
    return ticks;
  }

  @Override
  public double at(double value, double start, double end) {
    return start + (value - from) / (to - from) * (end - start);
  }

  @Override
  public String text(double tick) {
    int digits = step >= 0.999 ? 0 : step >= 0.0999 ? 1 : 2;
    return String.format(Locale.ROOT, "%." + digits + "f", tick);
  }

  String position(double tick) {
    long n = Math.round(tick);
    return n >= 1024 && step % 1024 == 0 ? n / 1024 + "k" : Markup.count(n);
  }
}
