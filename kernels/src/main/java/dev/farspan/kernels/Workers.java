package dev.farspan.kernels;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A few threads that share out the items of one loop at a time. The calling thread takes part, and
/// the loop ends when every item has been run; a helper that wakes up too late is not waited for.
///
/// One caller at a time: a loop within a loop, or two loops at once, is refused.
public final class Workers implements AutoCloseable {
  /// One pass of a loop.
  @FunctionalInterface
  public interface Task {
    /// Runs one item.
    ///
    /// @param item which, `0` to `items - 1`
    /// @param worker which thread runs it, `0` to `threads - 1`; no two run as the same at once
    void run(int item, int worker);
  }

  // The kernels of one token follow each other within microseconds; a parked thread needs about 50
  // to wake up, so helpers wait that long awake before they park.
  private static final long SPIN_NANOS = 50_000;
  private static final Task NOTHING = (item, worker) -> {};
  // The state of the current loop: its number in the upper half, OPEN while helpers may join it,
  // and in the lower bits how many have.
  private static final long LOOP = 1L << 32;
  private static final long OPEN = 1L << 31;
  private static final long JOINED = OPEN - 1;

  // In steps of 128 bytes: cores fetch cache lines in pairs.
  private static final int APART = 32;

  private final Thread[] helpers;
  private final float[][] scratch;
  private final PanelDecoder[] decoders;
  private float[] packed = {};
  private final MatVecs products;
  private final AtomicLong state = new AtomicLong();

  /// The next item of each worker's range, [#APART] elements from one to the next.
  private final AtomicIntegerArray next;

  private final AtomicInteger busy = new AtomicInteger();
  private final AtomicIntegerArray parked;
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private Task task = NOTHING;
  private int items;
  private volatile boolean closed;

  /// Starts `threads - 1` daemon helper threads.
  ///
  /// @param threads how many threads run a loop, the caller among them; at least 1
  /// @throws IllegalArgumentException if `threads` is less than 1
  public Workers(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("at least 1 thread is needed, not " + threads);
    }
    helpers = new Thread[threads - 1];
    scratch = new float[threads][0];
    decoders = new PanelDecoder[threads];
    Arrays.setAll(decoders, i -> new PanelDecoder());
    products = new MatVecs(this, threads);
    next = new AtomicIntegerArray((threads + 1) * APART);
    parked = new AtomicIntegerArray(threads);
    for (int i = 0; i < helpers.length; i++) {
      int worker = i + 1;
      helpers[i] =
          Thread.ofPlatform().daemon().name("farspan-worker-" + worker).start(() -> serve(worker));
    }
  }

  /// Returns how many threads run a loop.
  ///
  /// @return the helpers and the caller
  public int threads() {
    return helpers.length + 1;
  }

  /// Runs every item once, each on whichever thread is free, and returns when all are done. If an
  /// item fails, the items not yet started are dropped and its exception is thrown here.
  ///
  /// @param items how many
  /// @param task what to run
  /// @throws IllegalStateException if a loop is already running or the workers are closed
  public void run(int items, Task task) {
    if (closed) {
      throw new IllegalStateException("these workers are closed");
    }
    if (!busy.compareAndSet(0, 1)) {
      throw new IllegalStateException("these workers are already running a loop");
    }
    try {
      if (helpers.length == 0 || items <= 1) {
        for (int i = 0; i < items; i++) {
          task.run(i, 0);
        }
      } else {
        share(items, task);
      }
    } finally {
      this.task = NOTHING;
      busy.set(0);
    }
  }

  /// Returns a buffer of at least this size that only this worker uses. Its content is what the
  /// last user left. The kernels use it too: it does not survive a call of one.
  ///
  /// @param worker the number the task was given
  /// @param size how many floats
  /// @return the buffer
  public float[] scratch(int worker, int size) {
    if (scratch[worker].length < size) {
      scratch[worker] = new float[size];
    }
    return scratch[worker];
  }

  /// Returns the products of this caller, used again for each.
  MatVecs products() {
    return products;
  }

  /// Returns a buffer of at least this size that all workers share, for the packed inputs of a
  /// product.
  float[] packed(int size) {
    if (packed.length < size) {
      packed = new float[size];
    }
    return packed;
  }

  PanelDecoder decoder(int worker) {
    return decoders[worker];
  }

  /// Ends the helper threads.
  @Override
  public void close() {
    closed = true;
    for (Thread helper : helpers) {
      LockSupport.unpark(helper);
    }
  }

  private void share(int items, Task task) {
    this.task = task;
    this.items = items;
    for (int w = 0; w < threads(); w++) {
      next.set(place(w), end(w - 1));
    }
    failure.set(null);
    state.set(((state.get() / LOOP) + 1) * LOOP + OPEN);
    for (int i = 0; i < helpers.length && i < items - 1; i++) {
      if (parked.get(i + 1) != 0) {
        LockSupport.unpark(helpers[i]);
      }
    }
    drain(0);
    long joined = state.updateAndGet(s -> s & ~OPEN);
    for (long start = System.nanoTime(); (joined & JOINED) != 0; joined = state.get()) {
      if (System.nanoTime() - start < SPIN_NANOS) {
        Thread.onSpinWait();
      } else {
        LockSupport.parkNanos(this, SPIN_NANOS); // the last helper may need this very core
      }
    }
    rethrow(failure.get());
  }

  /// Runs the items of this worker's own range, then those that the others have not come to: a
  /// counter that all share would travel between the cores for every item.
  private void drain(int worker) {
    try {
      for (int i = 0; i < threads(); i++) {
        int range = (worker + i) % threads();
        int end = end(range);
        int at = place(range);
        for (int item = next.getAndIncrement(at); item < end; item = next.getAndIncrement(at)) {
          task.run(item, worker);
        }
      }
    } catch (Throwable t) { // Error too: the caller must hear of it, and the helper must live on
      failure.compareAndSet(null, t);
      for (int w = 0; w < threads(); w++) {
        next.set(place(w), end(w));
      }
    }
  }

  private static int place(int worker) {
    return (worker + 1) * APART;
  }

  /// Returns one past the last item of a worker's range.
  private int end(int worker) {
    return (int) ((long) items * (worker + 1) / threads());
  }

  private static void rethrow(@Nullable Throwable failure) {
    switch (failure) {
      case null -> {}
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case Throwable t -> throw new IllegalStateException("a task threw a checked exception", t);
    }
  }

  private void serve(int worker) {
    long last = 0;
    while (!closed) {
      long now = awaitLoop(last, worker);
      if ((now & OPEN) != 0) {
        last = now / LOOP;
        if (state.compareAndSet(now, now + 1)) {
          drain(worker);
          state.decrementAndGet();
        } else {
          last--; // another helper came first: look again
        }
      }
    }
  }

  /// Waits until a loop other than `last` is open or the workers are closed; returns the state.
  private long awaitLoop(long last, int worker) {
    long start = System.nanoTime();
    while (!closed) {
      long now = state.get();
      if (now / LOOP != last && (now & OPEN) != 0) {
        return now;
      }
      if (System.nanoTime() - start < SPIN_NANOS) {
        Thread.onSpinWait();
        continue;
      }
      parked.set(worker, 1);
      if (state.get() == now && !closed) {
        LockSupport.park(this);
      }
      parked.set(worker, 0);
    }
    return 0;
  }
}
