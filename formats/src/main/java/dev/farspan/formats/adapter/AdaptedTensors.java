package dev.farspan.formats.adapter;

import dev.farspan.formats.FormatException;
import dev.farspan.formats.TensorSource;
import dev.farspan.formats.files.Names;
import dev.farspan.tensor.Tensor;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The tensors of a base model with an adapter merged into them. What the adapter leaves alone is
/// the base's own, still mapped; merged matrices are 32-bit floats outside the heap, made when they
/// are first asked for. It owns the base and the adapter.
public final class AdaptedTensors implements TensorSource {
  private final TensorSource base;
  private final Adapter adapter;
  private final BaseLayout layout;
  private final Arena arena = Arena.ofShared();
  private @Nullable Map<String, Tensor> merged;

  private AdaptedTensors(TensorSource base, Adapter adapter, BaseLayout layout) {
    this.base = base;
    this.adapter = adapter;
    this.layout = layout;
  }

  /// Returns the adapted tensors.
  ///
  /// @param base those of a model
  /// @param adapter what changes them
  /// @param layout what the base calls its tensors, and how it stores them
  /// @return the tensors; closing them closes both
  /// @throws FormatException in one sentence, if the adapter was made for a model of other tensors;
  ///   base and adapter are still open then
  public static AdaptedTensors of(TensorSource base, Adapter adapter, BaseLayout layout) {
    AdaptedTensors adapted = new AdaptedTensors(base, adapter, layout);
    adapter.updates().forEach(adapted::requireMatrix);
    adapter.whole().forEach(adapted::requireSameShape);
    if (layout.tied() && adapter.config().tied()) {
      adapted.requireOneHead();
    }
    return adapted;
  }

  /// Returns whether the adapter trains an embedding apart from the head that it was in the base:
  /// PEFT leaves such a head what it was, or trains it on its own, unless told to tie them.
  ///
  /// @return whether the adapted model has a head of its own, though the base has none
  public boolean untied() {
    return layout.tied()
        && !adapter.config().tied()
        && (changes(BaseLayout.EMBEDDING) || changes(BaseLayout.HEAD));
  }

  private boolean changes(String name) {
    return adapter.updates().containsKey(name) || adapter.whole().containsKey(name);
  }

  /// A head that is tied to its embedding is what that is.
  private void requireOneHead() {
    Tensor head = adapter.whole().get(BaseLayout.HEAD);
    Tensor embedding = adapter.whole().get(BaseLayout.EMBEDDING);
    boolean same =
        head == null || (embedding != null && head.data().mismatch(embedding.data()) < 0);
    if (!same || adapter.updates().containsKey(BaseLayout.HEAD)) {
      throw new FormatException(
          adapter.directory().toString(),
          "ties the head to the embedding (ensure_weight_tying), but trains it on its own");
    }
  }

  private void requireMatrix(String name, LowRankUpdate update) {
    Tensor matrix = original(name);
    if (!update.fits(matrix)) {
      throw other(
          "its update of %s is (%d, %d) of rank %d where the base has %s"
              .formatted(
                  Names.quote(name),
                  update.b().rows(),
                  update.a().cols(),
                  update.a().rows(),
                  matrix.shape()));
    }
  }

  private void requireSameShape(String name, Tensor tensor) {
    Tensor there = original(name);
    if (!there.shape().equals(tensor.shape())) {
      throw other(
          "its %s has the shape %s where the base has %s"
              .formatted(Names.quote(name), tensor.shape(), there.shape()));
    }
  }

  private Tensor original(String name) {
    Tensor tensor = base.tensors().get(layout.place(stored(name)).name());
    if (tensor == null) {
      throw other("the base has no tensor " + Names.quote(name));
    }
    return tensor;
  }

  /// A tied head is stored as the embedding.
  private String stored(String name) {
    return layout.tied() && name.equals(BaseLayout.HEAD) ? BaseLayout.EMBEDDING : name;
  }

  private FormatException other(String what) {
    return new FormatException(
        adapter.directory().toString(),
        "is an adapter of another model than %s: %s".formatted(base.path(), what));
  }

  @Override
  public Path path() {
    return adapter.directory();
  }

  @Override
  public synchronized Map<String, Tensor> tensors() {
    Map<String, Tensor> known = merged;
    if (known == null) {
      known = Collections.unmodifiableMap(merge());
      merged = known;
    }
    return known;
  }

  private Map<String, Tensor> merge() {
    Map<String, Tensor> tensors = new LinkedHashMap<>(base.tensors());
    String head = layout.place(BaseLayout.HEAD).name();
    if (untied()) {
      tensors.put(head, original(BaseLayout.HEAD).named(head));
    }
    adapter
        .whole()
        .forEach(
            (name, tensor) -> {
              BaseLayout.Place place = layout.place(name);
              tensors.put(place.name(), place.store(tensor));
            });
    adapter
        .updates()
        .forEach(
            (name, update) -> {
              BaseLayout.Place place = layout.place(name);
              tensors.compute(place.name(), (_, old) -> update.addedTo(old, place.order(), arena));
            });
    if (layout.tied() && adapter.config().tied() && changes(BaseLayout.EMBEDDING)) {
      tensors.remove(head); // PEFT stores a tied head beside its embedding
    }
    return tensors;
  }

  @Override
  public Tensor tensor(String name) {
    Tensor tensor = tensors().get(name);
    if (tensor == null) {
      throw new FormatException(
          path().toString(),
          "has no tensor " + Names.quote(name) + Names.similar(name, tensors().keySet()));
    }
    return tensor;
  }

  @Override
  public void close() {
    arena.close();
    adapter.close();
    base.close();
  }
}
