package dev.farspan.training.parallel;

import java.time.Duration;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.javacpp.chrono.Milliseconds;
import org.bytedeco.pytorch.AllreduceOptions;
import org.bytedeco.pytorch.ProcessGroupGloo;
import org.bytedeco.pytorch.Store;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;

/// Processes that add up tensors by libtorch's process group over Gloo, as PyTorch's do on CPUs.
public final class GlooGroup implements Group {
  /// PyTorch's own default for Gloo (`c10d::kBackendDefaultTimeout`).
  private static final Duration LONGEST_STEP = Duration.ofMinutes(30);

  private final int rank;
  private final int size;
  private final Store store;
  private final ProcessGroupGloo processes;

  private GlooGroup(int rank, int size, Store store, ProcessGroupGloo processes) {
    this.rank = rank;
    this.size = size;
    this.store = store;
    this.processes = processes;
  }

  /// Returns the group, as soon as all processes are there.
  ///
  /// @param place where they meet
  /// @param rank number of this process, from 0
  /// @param size how many there are
  /// @param patience how long to wait for the others
  /// @return the group, to be closed
  /// @throws IllegalArgumentException if the rank is not below the size
  /// @throws IllegalStateException in one sentence, if they do not meet
  public static Group join(Rendezvous place, int rank, int size, Duration patience) {
    if (rank < 0 || rank >= size) {
      throw new IllegalArgumentException(
          "the ranks of %d processes are 0 to %d, got %d".formatted(size, size - 1, rank));
    }
    MeetingPoint point = new MeetingPoint(place, rank, size, patience);
    Store store = point.open();
    return new GlooGroup(rank, size, store, SilentOutput.during(() -> point.connect(store)));
  }

  static Milliseconds milliseconds(Duration time) {
    return new Milliseconds(time.toMillis());
  }

  @Override
  public int rank() {
    return rank;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public void sum(Tensor tensor) {
    try (PointerScope _ = new PointerScope()) {
      // A sum is what these options ask for unless told otherwise.
      AllreduceOptions options = new AllreduceOptions().timeout(milliseconds(LONGEST_STEP));
      processes.allreduce(new TensorVector(tensor), options)._wait();
    } catch (RuntimeException e) {
      throw new LostProcessException(
          "rank %d of %d %s (%s): the run goes on from its last checkpoint with --resume"
              .formatted(rank, size, LostProcessException.SAYS, MeetingPoint.reason(e)),
          e);
    }
  }

  @Override
  public void close() {
    processes.close();
    store.close();
  }
}
