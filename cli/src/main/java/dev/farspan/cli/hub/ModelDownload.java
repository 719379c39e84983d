package dev.farspan.cli.hub;

import dev.farspan.cli.hub.Download.Patience;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;

/// Fetches a whole model into a directory of models.
public final class ModelDownload {
  private final Hub hub;
  private final Reporter reporter;
  private final Patience patience;

  /// Makes a download that takes up a broken transfer five times before it gives up.
  ///
  /// @param hub where from
  /// @param reporter who is told
  public ModelDownload(Hub hub, Reporter reporter) {
    this(hub, reporter, new Patience(5, Duration.ofSeconds(1)));
  }

  ModelDownload(Hub hub, Reporter reporter, Patience patience) {
    this.hub = hub;
    this.reporter = reporter;
    this.patience = patience;
  }

  /// Returns where a model lies, after fetching what of it is missing.
  ///
  /// Until the model is whole it has no name: files on their way, and the directory they are
  /// gathered in, start with a dot.
  ///
  /// @param name the model
  /// @param store the directory of models; made if it is not there
  /// @param alias what to call it; empty for its own name
  /// @return the model's file or directory
  /// @throws HubException if the hub has no such model, or sent another
  /// @throws UncheckedIOException if the hub cannot be reached or a file not written
  public Path fetch(HubName name, Path store, String alias) {
    try {
      ModelFiles model = ModelFiles.choose(name, hub.files(name.repository()));
      Files.createDirectories(store);
      return model.directory()
          ? directory(
              name.repository(), model.files(), store, alias.isEmpty() ? name.shortName() : alias)
          : file(name.repository(), model.files(), store, alias);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "%s could not be fetched: %s".formatted(name.repository(), e.getMessage()), e);
    }
  }

  private Path file(String repository, List<String> files, Path store, String alias)
      throws IOException {
    if (files.size() > 1 && !alias.isEmpty()) {
      throw new HubException("a GGUF file in parts keeps its name: leave out --name");
    }
    Path last = store;
    for (String path : files) {
      RemoteFile file = hub.describe(repository, path);
      last = store.resolve(alias.isEmpty() ? file.name() : withSuffix(alias));
      download().fetch(file, last);
    }
    return last;
  }

  private static String withSuffix(String alias) {
    return alias.endsWith(".gguf") ? alias : alias + ".gguf";
  }

  private Path directory(String repository, List<String> files, Path store, String name)
      throws IOException {
    Path target = store.resolve(name);
    boolean exists = Files.exists(target);
    // What is there is compared in place; what is new is gathered under a name that no one finds.
    Path place = exists ? target : store.resolve("." + name + ".part");
    Files.createDirectories(place);
    for (String path : files) {
      RemoteFile file = hub.describe(repository, path);
      if (exists && !Files.exists(target.resolve(file.name()))) {
        throw new HubException(
            "%s exists and is not %s: delete it, or choose another name with --name"
                .formatted(target, repository));
      }
      download().fetch(file, place.resolve(file.name()));
    }
    if (!exists) {
      Files.move(place, target, StandardCopyOption.ATOMIC_MOVE);
    }
    return target;
  }

  private Download download() {
    return new Download(hub, reporter, patience);
  }
}
