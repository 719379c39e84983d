package dev.farspan.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.farspan.context.method.Method;
import dev.farspan.context.method.MethodSpec;
import dev.farspan.runtime.decode.LogitsSink;
import dev.farspan.runtime.kvcache.CacheType;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrefixReuseTest {
  private static final Path MODEL = Path.of("src/test/resources/golden/tiny/llama-default");

  /// Logits of the last position that was fed.
  private static final class Last implements LogitsSink {
    private final int position;
    private float[] row = {};

    Last(int position) {
      this.position = position;
    }

    @Override
    public boolean wants(int at) {
      return at == position;
    }

    @Override
    public void accept(int at, float[] logits, int from) {
      row = Arrays.copyOfRange(logits, from, from + 16);
    }
  }

  private static int[] prompt(int shared, int own, int seed) {
    int[] ids = new int[shared + own];
    Arrays.setAll(ids, i -> (i < shared ? 3 * i : 5 * i + seed) % 50);
    return ids;
  }

  private static float[] read(
      PrefixReuse reuse, Model model, String spec, int[] prompt, int shared) {
    Method method = Method.resolve(MethodSpec.parse(spec), model.config(), 256);
    Last last = new Last(prompt.length - 1);
    reuse.read(method, prompt, shared, last, _ -> {});
    return last.row;
  }

  private static float[] alone(Model model, String spec, int[] prompt) {
    try (PrefixReuse fresh = new PrefixReuse(model, CacheType.F32, 64)) {
      return read(fresh, model, spec, prompt, 0);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "none",
        "dynamic-yarn",
        "dynamic-yarn:whole=true,stages=exact",
        "streaming:sinks=4,window=28",
        "infllm:sinks=2,local=9,block=5,topk=3,representatives=2",
        "window-recompute:size=32"
      })
  void eachPromptIsReadAsIfItWereAlone(String spec) {
    try (Model model = Model.open(MODEL, 2);
        PrefixReuse reuse = new PrefixReuse(model, CacheType.F32, 64)) {
      for (int question = 0; question < 5; question++) {
        int[] prompt = prompt(130, 20 + 3 * question, question + 1);
        assertThat(read(reuse, model, spec, prompt, 130)).isEqualTo(alone(model, spec, prompt));
        for (int token = 0; token < 70; token++) {
          reuse.write(token % 50, LogitsSink.NONE); // an answer that is taken back
        }
      }
      int[] other = prompt(40, 100, 9);
      assertThat(read(reuse, model, spec, other, 0)).isEqualTo(alone(model, spec, other));
    }
  }

  @Test
  void onlyWhatDiffersIsComputedAgain() {
    try (Model model = Model.open(MODEL, 2);
        PrefixReuse reuse = new PrefixReuse(model, CacheType.F32, 64)) {
      Method method = Method.resolve(MethodSpec.parse("none"), model.config(), 256);
      int[] first = prompt(130, 20, 1);
      assertThat(reuse.read(method, first, 130, LogitsSink.NONE, _ -> {})).isZero();
      assertThat(reuse.read(method, prompt(130, 9, 2), 130, LogitsSink.NONE, _ -> {}))
          .isEqualTo(130);
      assertThat(reuse.position()).isEqualTo(139);
      // the same again: all but the last token, whose logits are wanted
      assertThat(reuse.read(method, prompt(130, 9, 2), 130, LogitsSink.NONE, _ -> {}))
          .isEqualTo(138);
      Method yarn = Method.resolve(MethodSpec.parse("yarn:factor=2"), model.config(), 256);
      assertThat(reuse.read(yarn, first, 130, LogitsSink.NONE, _ -> {})).isZero();
    }
  }

  @Test
  void nothingIsReadOrWrittenFromNothing() {
    try (Model model = Model.open(MODEL, 1);
        PrefixReuse reuse = new PrefixReuse(model, CacheType.F32, 64)) {
      assertThatThrownBy(() -> reuse.write(1, LogitsSink.NONE))
          .hasMessage("no prompt has been read yet; read one before writing on");
      Method method = Method.resolve(MethodSpec.parse("none"), model.config(), 256);
      assertThatThrownBy(() -> reuse.read(method, new int[3], 4, LogitsSink.NONE, _ -> {}))
          .hasMessage("a prompt of 3 tokens can't share 4 with the next");
    }
  }
}
