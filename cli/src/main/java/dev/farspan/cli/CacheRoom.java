package dev.farspan.cli;

import dev.farspan.cli.progress.Amounts;
import dev.farspan.context.method.Method;
import dev.farspan.context.method.MethodSpec;
import dev.farspan.context.model.ModelConfig;
import dev.farspan.planner.memory.CacheGrowth;
import dev.farspan.planner.memory.CacheTypes;
import dev.farspan.planner.memory.Reading;
import dev.farspan.runtime.kvcache.CacheType;

/// Refuses a length whose cache this machine cannot hold, before hours are spent on shorter ones.
final class CacheRoom {
  private static final int BLOCK = 512;

  private CacheRoom() {}

  static void require(ModelConfig config, MethodSpec spec, int length, CacheType type) {
    require(config, spec, length, type, MachineMemory.read().available());
  }

  /// `available`: bytes that are free.
  static void require(
      ModelConfig config, MethodSpec spec, int length, CacheType type, long available) {
    Method method = Method.resolve(spec, config, length);
    long needed =
        CacheGrowth.of(
                config,
                method,
                new CacheTypes(type.keys(), type.values()),
                new Reading(length, 0, BLOCK))
            .total();
    if (needed > available) {
      throw new IllegalArgumentException(
          "the %s cache of %s tokens under '%s' takes %s where %s of memory are free: take a smaller length, a smaller --cache-type or a method with a window"
              .formatted(
                  type,
                  Amounts.count(length),
                  spec.text(),
                  Amounts.bytes(needed),
                  Amounts.bytes(available)));
    }
  }
}
