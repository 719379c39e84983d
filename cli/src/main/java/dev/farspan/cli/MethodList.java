package dev.farspan.cli;

import dev.farspan.context.method.MethodSpec;
import java.util.List;

/// Several methods, as one option names them.
///
/// @param methods in the order given
record MethodList(List<MethodSpec> methods) {
  MethodList {
    methods = List.copyOf(methods);
  }
}
