package dev.farspan.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.format.OutputFormat;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.VerboseMode;

/// Runs the check of every benchmark that JMH knows, under every combination of its parameters, and
/// each timed method once: a wrong kernel fails the build here and is never timed.
class BenchmarksTest {
  static Stream<Arguments> benchmarks() throws ReflectiveOperationException {
    OutputFormat silent = OutputFormatFactory.createFormatInstance(System.out, VerboseMode.SILENT);
    List<String> names =
        BenchmarkList.defaultList().getAll(silent, List.of()).stream()
            .map(entry -> entry.getUserClassQName())
            .distinct()
            .toList();
    List<Arguments> all = new ArrayList<>();
    for (String name : names) {
      Class<?> type = Class.forName(name);
      for (Map<String, String> parameters : combinations(type)) {
        all.add(Arguments.of(type, parameters));
      }
    }
    return all.stream();
  }

  private static List<Map<String, String>> combinations(Class<?> type) {
    List<Map<String, String>> all = List.of(Map.of());
    for (Field field : type.getFields()) {
      if (field.isAnnotationPresent(Param.class)) {
        List<Map<String, String>> more = new ArrayList<>();
        for (Map<String, String> known : all) {
          for (String value : field.getAnnotation(Param.class).value()) {
            Map<String, String> one = new TreeMap<>(known);
            one.put(field.getName(), value);
            more.add(one);
          }
        }
        all = more;
      }
    }
    return all;
  }

  @ParameterizedTest
  @MethodSource("benchmarks")
  void theKernelThatIsTimedIsRight(Class<?> type, Map<String, String> parameters)
      throws ReflectiveOperationException {
    CheckedBenchmark benchmark = (CheckedBenchmark) type.getConstructor().newInstance();
    for (Map.Entry<String, String> parameter : parameters.entrySet()) {
      Field field = type.getField(parameter.getKey());
      field.set(benchmark, value(field.getType(), parameter.getValue()));
    }
    benchmark.setUp();
    for (Method method : type.getMethods()) {
      if (method.isAnnotationPresent(Benchmark.class)) {
        assertThat(method.invoke(benchmark)).isNotNull();
      }
    }
    for (Method method : type.getMethods()) {
      if (method.isAnnotationPresent(TearDown.class)) {
        method.invoke(benchmark);
      }
    }
  }

  private static Object value(Class<?> type, String text) {
    if (type == int.class) {
      return Integer.valueOf(text);
    }
    for (Object constant : type.isEnum() ? type.getEnumConstants() : new Object[0]) {
      if (constant.toString().equals(text)) {
        return constant;
      }
    }
    return text;
  }

  @Test
  void everyHotKernelHasABenchmark() throws ReflectiveOperationException {
    List<String> timed =
        benchmarks()
            .map(arguments -> (Class<?>) arguments.get()[0])
            .distinct()
            .flatMap(type -> Stream.of(type.getMethods()))
            .filter(method -> method.isAnnotationPresent(Benchmark.class))
            .map(Method::getName)
            .toList();
    assertThat(timed)
        .contains("matMul", "matVec", "scores", "softmaxTile", "accumulate", "loadKeys")
        .contains("loadAndRotateKeys", "loadValues", "quantise", "store", "rotateRows")
        .contains("rmsNorm", "gate", "prefill", "decode");
  }

  @Test
  void aWrongNumberIsRefused() {
    CheckedBenchmark.agree(new float[] {1, 2}, new float[] {1, 2.001f}, 0.01, 1);
    assertThatIllegalStateException()
        .isThrownBy(() -> CheckedBenchmark.agree(new float[] {1, 2}, new float[] {1, 3}, 0.1, 1))
        .withMessageContaining("number 1 is 2.0 where the reference has 3.0");
    assertThatIllegalStateException()
        .isThrownBy(() -> CheckedBenchmark.agree(new float[] {Float.NaN}, new float[] {1}, 9, 1));
  }
}
