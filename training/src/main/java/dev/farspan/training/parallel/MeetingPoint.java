package dev.farspan.training.parallel;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.function.Supplier;
import org.bytedeco.javacpp.SizeTPointer;
import org.bytedeco.pytorch.FileStore;
import org.bytedeco.pytorch.ProcessGroupGloo;
import org.bytedeco.pytorch.Store;
import org.bytedeco.pytorch.TCPStore;
import org.bytedeco.pytorch.TCPStoreOptions;

/// The first steps of a group: every process leaves its address at the rendezvous and connects to
/// those of the others.
///
/// @param place where they meet
/// @param rank number of this process
/// @param size how many there are
/// @param patience how long to wait for the others
record MeetingPoint(Rendezvous place, int rank, int size, Duration patience) {
  private static final int POLL_MILLIS = 200;

  /// Opens the store that the addresses are left in.
  Store open() {
    Store store =
        meeting(
            () ->
                switch (place) {
                  case Rendezvous.SharedFile(var path) ->
                      new FileStore(path.toAbsolutePath().toString(), size);
                  case Rendezvous.Port port -> tcp(port);
                });
    store.setTimeout(GlooGroup.milliseconds(patience));
    if (meeting(() -> store.add("rank " + rank, 1)) > 1) {
      throw new IllegalStateException(
          "a rank %d has been at %s already: give every process a rank of its own, and every run a file or port of its own"
              .formatted(rank, place));
    }
    return store;
  }

  /// Connects to all others.
  ProcessGroupGloo connect(Store store) {
    return meeting(
        () -> {
          ProcessGroupGloo.Options options =
              ProcessGroupGloo.Options.create(GlooGroup.milliseconds(patience));
          options.devices().push_back(ProcessGroupGloo.createDeviceForHostname(address()));
          return new ProcessGroupGloo(store, rank, size, options);
        });
  }

  private Store tcp(Rendezvous.Port port) {
    if (rank > 0) {
      awaitListener(port);
    }
    TCPStoreOptions options = new TCPStoreOptions();
    options.port((short) port.port()); // C++ reads the bits as unsigned
    options.isServer(rank == 0);
    options.numWorkers(new SizeTPointer(1).put(size));
    options.timeout(GlooGroup.milliseconds(patience));
    return new TCPStore(port.host(), options);
  }

  /// libtorch would wait too, but log several lines where nobody comes.
  private void awaitListener(Rendezvous.Port port) {
    long end = System.nanoTime() + patience.toNanos();
    while (!listens(port)) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException("nobody listens there");
      }
      try {
        Thread.sleep(POLL_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted", e);
      }
    }
  }

  private static boolean listens(Rendezvous.Port port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(resolved(port), port.port()), 10 * POLL_MILLIS);
      return true;
    } catch (IOException _) {
      return false; // not yet
    }
  }

  /// This machine's address, as the others reach it.
  private String address() {
    return switch (place) {
      case Rendezvous.SharedFile _ -> InetAddress.getLoopbackAddress().getHostAddress();
      case Rendezvous.Port port -> {
        // Nothing is sent: the system only chooses the interface that leads there.
        try (DatagramSocket socket = new DatagramSocket()) {
          socket.connect(resolved(port), port.port());
          yield socket.getLocalAddress().getHostAddress();
        } catch (IOException e) {
          throw new IllegalStateException("no interface leads there", e);
        }
      }
    };
  }

  private static InetAddress resolved(Rendezvous.Port port) {
    try {
      return InetAddress.getByName(port.host());
    } catch (UnknownHostException e) {
      throw new IllegalStateException("there is no host " + port.host(), e);
    }
  }

  private <T> T meeting(Supplier<T> step) {
    try {
      return step.get();
    } catch (RuntimeException e) {
      throw new IllegalStateException(
          "rank %d did not meet the other processes of %d at %s (%s): start every rank within %d seconds, all with the same rendezvous"
              .formatted(rank, size, place, reason(e), patience.toSeconds()),
          e);
    }
  }

  /// The first line of what libtorch says, without the place in its sources and its stack.
  static String reason(Throwable e) {
    String first = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    return first.replaceFirst("^\\[[^]]*] ?", "").replaceFirst("\\.$", "");
  }
}
