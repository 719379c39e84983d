package dev.farspan.evaluation.perplexity;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What one pass measured.
///
/// @param blocks the loss of the predictions that count, in blocks
/// @param tokens tokens that were read
/// @param seconds how long it took
/// @param cacheBytes memory of the KV cache
public record PassLoss(List<Block> blocks, int tokens, double seconds, long cacheBytes) {
  /// Copies the list.
  public PassLoss {
    blocks = List.copyOf(blocks);
  }

  /// Predictions that stand together.
  ///
  /// @param context tokens before the first of them
  /// @param count how many
  /// @param nats the sum of their negative log likelihoods
  public record Block(int context, int count, double nats) {}

  /// Returns the loss as JSON.
  ///
  /// @return an object
  ObjectNode json() {
    ObjectNode object = JsonMapper.shared().createObjectNode();
    object.put("tokens", tokens).put("seconds", seconds).put("cache_bytes", cacheBytes);
    var list = object.putArray("blocks");
    for (Block block : blocks) {
      list.addArray().add(block.context()).add(block.count()).add(block.nats());
    }
    return object;
  }

  /// Returns the loss that [#json] wrote.
  ///
  /// @param object an object
  /// @return the loss
  static PassLoss read(JsonNode object) {
    List<Block> blocks = new ArrayList<>();
    for (JsonNode block : object.required("blocks")) {
      blocks.add(
          new Block(
              block.required(0).intValue(),
              block.required(1).intValue(),
              block.required(2).doubleValue()));
    }
    return new PassLoss(
        blocks,
        object.required("tokens").intValue(),
        object.required("seconds").doubleValue(),
        object.required("cache_bytes").longValue());
  }
}
