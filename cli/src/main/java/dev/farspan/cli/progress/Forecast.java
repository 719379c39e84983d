package dev.farspan.cli.progress;

/// Predicts when work ends from how long its parts have taken.
///
/// The time of `n` units is taken to be `a n + b n^2`, fitted by least squares: reading a prompt
/// slows down as attention looks back over more tokens, and the rate so far would promise too much.
/// Where `b` does not show (or is not asked for) the rate so far decides.
final class Forecast {
  /// Fewer samples say nothing about a curve.
  private static final int FEWEST_SAMPLES = 5;

  private final Task task;
  private final long start;
  // Normal equations of t = a u + b v, with u = n - start and v = n^2 - start^2, n in [0, 1].
  private double uu;
  private double uv;
  private double vv;
  private double ut;
  private double vt;
  private int samples;
  private long done;
  private double seconds;

  Forecast(Task task, long start) {
    this.task = task;
    this.start = start;
  }

  /// Takes in that `position` was reached after that many seconds.
  void add(long position, double elapsed) {
    done = position;
    seconds = elapsed;
    double u = linear(position);
    double v = square(position);
    uu += u * u;
    uv += u * v;
    vv += v * v;
    ut += u * elapsed;
    vt += v * elapsed;
    samples++;
  }

  /// Units per second so far; 0 where nothing can be said.
  double rate() {
    return seconds > 0 ? (done - start) / seconds : 0;
  }

  /// Seconds until the end, or NaN where nothing can be said yet.
  double remaining() {
    double here = linear(done);
    if (here <= 0 || seconds <= 0) {
      return Double.NaN;
    }
    double steady = seconds * (linear(task.total()) - here) / here;
    double determinant = uu * vv - uv * uv;
    if (task.pace() == Task.Pace.STEADY
        || samples < FEWEST_SAMPLES
        || determinant <= 1e-9 * uu * vv) {
      return steady;
    }
    double a = (ut * vv - vt * uv) / determinant;
    double b = (vt * uu - ut * uv) / determinant;
    if (a < 0 || b < 0) {
      return steady;
    }
    return a * (linear(task.total()) - here) + b * (square(task.total()) - square(done));
  }

  private double linear(long position) {
    return (double) (position - start) / task.total();
  }

  private double square(long position) {
    double from = (double) start / task.total();
    double to = (double) position / task.total();
    return to * to - from * from;
  }
}
