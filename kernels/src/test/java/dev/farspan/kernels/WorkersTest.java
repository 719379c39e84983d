package dev.farspan.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class WorkersTest {
  @Test
  void everyItemRunsOnceInEveryLoop() {
    try (Workers workers = new Workers(4)) {
      for (int loop = 0; loop < 3000; loop++) {
        int items = loop % 23;
        AtomicIntegerArray runs = new AtomicIntegerArray(23);
        workers.run(items, (item, worker) -> runs.incrementAndGet(item));
        for (int i = 0; i < 23; i++) {
          assertThat(runs.get(i)).as("item %d of loop %d", i, loop).isEqualTo(i < items ? 1 : 0);
        }
        if (loop % 500 == 0) {
          LockSupport.parkNanos(1_000_000); // long enough for the helpers to park
        }
      }
    }
  }

  @Test
  void noTwoItemsRunAsTheSameWorkerAtOnce() {
    try (Workers workers = new Workers(3)) {
      AtomicIntegerArray inside = new AtomicIntegerArray(3);
      AtomicInteger clashes = new AtomicInteger();
      for (int loop = 0; loop < 500; loop++) {
        workers.run(
            50,
            (item, worker) -> {
              if (inside.incrementAndGet(worker) != 1) {
                clashes.incrementAndGet();
              }
              inside.decrementAndGet(worker);
            });
      }
      assertThat(clashes).hasValue(0);
    }
  }

  @Test
  void aFailureReachesTheCallerAndTheNextLoopRuns() {
    try (Workers workers = new Workers(2)) {
      for (int failing = 0; failing < 20; failing++) {
        int at = failing;
        assertThatThrownBy(
                () ->
                    workers.run(
                        20,
                        (item, worker) -> {
                          if (item == at) {
                            throw new ArithmeticException("item " + item);
                          }
                        }))
            .isInstanceOf(ArithmeticException.class)
            .hasMessage("item " + at);
      }
      AtomicInteger runs = new AtomicInteger();
      workers.run(7, (item, worker) -> runs.incrementAndGet());
      assertThat(runs).hasValue(7);
    }
  }

  @Test
  void aLoopWithinALoopIsRefused() {
    try (Workers workers = new Workers(2)) {
      assertThatThrownBy(
              () -> workers.run(2, (item, worker) -> workers.run(2, (inner, other) -> {})))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("already running");
    }
  }

  @Test
  void closedWorkersRefuseWork() {
    Workers workers = new Workers(2);
    workers.close();
    assertThatThrownBy(() -> workers.run(1, (item, worker) -> {}))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void fewerThanOneThreadIsRefused() {
    assertThatThrownBy(() -> new Workers(0)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void scratchGrowsAndIsKept() {
    try (Workers workers = new Workers(2)) {
      float[] small = workers.scratch(1, 10);
      assertThat(workers.scratch(1, 5)).isSameAs(small);
      assertThat(workers.scratch(1, 11)).hasSizeGreaterThanOrEqualTo(11);
      assertThat(workers.scratch(0, 10)).isNotSameAs(small);
    }
  }
}
