package dev.farspan.training.run;

import dev.farspan.training.model.MemoryTokens;
import dev.farspan.training.model.MemoryTokens.Read;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/// The loss of examples that are read segment by segment: the mean over all their predictions, each
/// from its segment and the summaries before it (AutoCompressor, arXiv 2305.14788, equation 1).
///
/// Gradients pass through `backprop` summaries and stop, as in the paper (two there). Where the
/// graph ends, its losses are differentiated and it is freed, so memory does not grow with the
/// example. The last summary of a graph has no loss behind it and learns nothing in this step.
///
/// @param model reads segments
/// @param reading which summaries are seen, and where gradients stop
record SegmentedLoss(MemoryTokens model, Reading.Segments reading) {

  /// Adds the gradients of some rows; returns their share of the step's mean loss.
  double backward(Batch rows, double weight) {
    List<Integer> lengths = rows.segments();
    try (PointerScope _ = new PointerScope()) {
      Tensor inputs = rows.inputs();
      Tensor targets = rows.targets();
      Tensor weights = rows.weights();
      List<Tensor> summaries = new ArrayList<>();
      List<Tensor> losses = new ArrayList<>();
      double sum = 0;
      long from = 0;
      for (int s = 0; s < lengths.size(); s++) {
        int length = lengths.get(s);
        boolean last = s + 1 == lengths.size();
        Read read = model.read(inputs.narrow(1, from, length), seen(summaries), !last);
        losses.add(
            CrossEntropy.sum(
                read.logits(),
                targets.narrow(1, from, length),
                weights.narrow(1, from, length),
                weight));
        summaries.add(read.summary());
        if (last || reading.cutsAfter(s)) {
          sum += differentiate(losses);
          summaries.replaceAll(Tensor::detach);
        }
        from += length;
      }
      return sum;
    }
  }

  private List<Tensor> seen(List<Tensor> summaries) {
    int first = Math.max(0, summaries.size() - reading.keep());
    return summaries.subList(first, summaries.size());
  }

  private static double differentiate(List<Tensor> losses) {
    Tensor sum = losses.getFirst();
    for (Tensor loss : losses.subList(1, losses.size())) {
      sum = sum.add(loss);
    }
    sum.backward();
    losses.clear();
    return sum.item_double();
  }
}
