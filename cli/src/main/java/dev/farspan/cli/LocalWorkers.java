package dev.farspan.cli;

import dev.farspan.training.parallel.GlooGroup;
import dev.farspan.training.parallel.Group;
import dev.farspan.training.parallel.LostProcessException;
import dev.farspan.training.parallel.Rendezvous;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;

/// The other processes of a group on this machine, started by its first one.
final class LocalWorkers implements AutoCloseable {
  /// What it takes a virtual machine to end, on a busy machine too.
  private static final Duration END = Duration.ofSeconds(5);

  private final Rendezvous place;
  private final List<Worker> workers;

  private LocalWorkers(Rendezvous place, List<Worker> workers) {
    this.place = place;
    this.workers = List.copyOf(workers);
  }

  /// Starts them with the words of this command, and their ranks.
  ///
  /// @param size processes with this one
  /// @param words of the command line
  static LocalWorkers start(int size, List<String> words) {
    Rendezvous place = new Rendezvous.Port(loopback().getHostAddress(), freePort());
    List<Worker> workers = new ArrayList<>();
    LocalWorkers all = null;
    try {
      for (int rank = 1; rank < size; rank++) {
        List<String> own =
            List.of("--rank", String.valueOf(rank), "--rendezvous", place.toString());
        workers.add(Worker.start(rank, Stream.concat(words.stream(), own.stream()).toList()));
      }
      all = new LocalWorkers(place, workers);
      return all;
    } finally {
      if (all == null) {
        workers.forEach(Worker::end);
      }
    }
  }

  private static InetAddress loopback() {
    return InetAddress.getLoopbackAddress();
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, loopback())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException("no port of this machine is free", e);
    }
  }

  /// Returns the group that this process leads.
  ///
  /// @throws IllegalStateException in one sentence, if one of the others ends before all are there
  Group join() {
    int size = workers.size() + 1;
    CompletableFuture<Group> group =
        CompletableFuture.supplyAsync(
            () -> GlooGroup.join(place, 0, size, GroupArguments.PATIENCE),
            task -> Thread.ofPlatform().daemon().start(task));
    CompletableFuture<?>[] ends =
        Stream.concat(Stream.of(group), workers.stream().map(Worker::onExit))
            .toArray(CompletableFuture<?>[]::new);
    try {
      CompletableFuture.anyOf(ends).join();
      Optional<Worker> failed = failed();
      if (failed.isPresent() && !group.isDone()) {
        throw failure(failed.get()); // what still waits for it ends with this process
      }
      return group.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  /// Returns what to say of a run that ended with an exception: which rank failed, and why.
  IllegalStateException blame(RuntimeException e) {
    if (!(e instanceof LostProcessException)) {
      return new IllegalStateException(
          "rank 0 of %d failed: %s".formatted(workers.size() + 1, Errors.sentence(e)), e);
    }
    long end = System.nanoTime() + END.toNanos();
    Optional<Worker> failed = failed();
    while (failed.isEmpty() && System.nanoTime() < end) {
      Worker.pause();
      failed = failed();
    }
    return failed.map(this::failure).orElseGet(() -> new IllegalStateException(e.getMessage(), e));
  }

  /// The one that failed by itself, not because another one did.
  private Optional<Worker> failed() {
    return workers.stream().filter(Worker::failed).findFirst();
  }

  private IllegalStateException failure(Worker worker) {
    return new IllegalStateException(
        "rank %d of %d failed: %s; the others were ended, and the run goes on from its last checkpoint with --resume"
            .formatted(worker.rank(), workers.size() + 1, worker.reason()));
  }

  /// Ends those that still run.
  @Override
  public void close() {
    workers.forEach(Worker::end);
  }

  /// Returns how many threads each of some processes has to itself on this machine.
  static int threads(int size) {
    return Math.max(1, Runtime.getRuntime().availableProcessors() / size);
  }
}
