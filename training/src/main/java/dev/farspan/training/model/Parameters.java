package dev.farspan.training.model;

import static org.bytedeco.pytorch.global.torch.cat;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch.ScalarType;

/// The parameters of a model by name, as a Hugging Face checkpoint names them.
public final class Parameters implements AutoCloseable {
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();

  /// Makes an empty set.
  public Parameters() {}

  /// Returns all parameters.
  ///
  /// @return an unmodifiable map in the order they were added
  public Map<String, Tensor> all() {
    return Collections.unmodifiableMap(tensors);
  }

  /// Returns whether there is a parameter of this name.
  ///
  /// @param name the name
  /// @return whether it is there
  public boolean has(String name) {
    return tensors.containsKey(name);
  }

  /// Returns a parameter.
  ///
  /// @param name its name
  /// @return the tensor
  /// @throws IllegalArgumentException if there is none of this name
  public Tensor get(String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException("the model has no parameter '" + name + "'");
    }
    return tensor;
  }

  /// Adds a parameter.
  ///
  /// @param name its name
  /// @param value its value; this set owns it from now on
  public void put(String name, Tensor value) {
    Tensor old = tensors.put(name, value);
    if (old != null) {
      throw new IllegalArgumentException("two parameters are called '" + name + "'");
    }
  }

  /// Removes a parameter and frees it.
  ///
  /// @param name its name
  void remove(String name) {
    get(name).close();
    tensors.remove(name);
  }

  /// Chooses which parameters are trained.
  ///
  /// @param trained whether the parameter of a name is
  public void train(Predicate<String> trained) {
    tensors.forEach((name, tensor) -> tensor.requires_grad_(trained.test(name)));
  }

  /// Returns the names of the parameters that are trained.
  ///
  /// @return names, in order
  public List<String> trained() {
    return tensors.entrySet().stream()
        .filter(entry -> entry.getValue().requires_grad())
        .map(Map.Entry::getKey)
        .toList();
  }

  /// Changes the value of a parameter in place.
  ///
  /// @param name its name
  /// @param values its elements
  public void set(String name, float[] values) {
    Tensor tensor = get(name);
    try (NoGradGuard _ = new NoGradGuard();
        Tensor source = Torch.floats(values, Torch.shape(tensor))) {
      tensor.copy_(source);
    }
  }

  /// Adds a last row to a matrix: the mean of those there are.
  ///
  /// @param name its name
  public void addMeanRow(String name) {
    Tensor old = get(name);
    try (NoGradGuard _ = new NoGradGuard()) {
      tensors.replace(
          name,
          cat(new TensorVector(old, old.mean(new long[] {0}, true, new ScalarTypeOptional())), 0));
    }
    old.close();
  }

  /// Makes every parameter of another type, for checks in double precision.
  ///
  /// @param type the type
  public void convert(ScalarType type) {
    tensors.replaceAll((_, tensor) -> tensor.detach().to(type).requires_grad_(true));
  }

  /// Returns a number that other parameters would hardly have.
  ///
  /// @return a digest of all values, bit by bit
  public long digest() {
    long digest = 1;
    for (Tensor tensor : tensors.values()) {
      digest = 31 * digest + Arrays.hashCode(Torch.toFloats(tensor));
    }
    return digest;
  }

  /// Returns how many numbers are in all parameters together.
  ///
  /// @return the count
  public long count() {
    return tensors.values().stream().mapToLong(Tensor::numel).sum();
  }

  @Override
  public void close() {
    tensors.values().forEach(Tensor::close);
    tensors.clear();
  }
}
