package dev.farspan.context.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.farspan.context.attention.AttentionPattern;
import dev.farspan.context.method.MethodSpec.Choice;
import dev.farspan.context.rope.FrequencyPolicy;
import dev.farspan.context.rope.Stages;
import dev.farspan.context.rope.YarnRamp;
import dev.farspan.context.rope.YarnTemperature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MethodSpecTest {
  private static final YarnTemperature FROM_FACTOR = new YarnTemperature.FromFactor();

  private static Choice.Composed composed(String text) {
    return (Choice.Composed) MethodSpec.parse(text).choice();
  }

  private static FrequencyPolicy policy(String text) {
    return ((Frequencies.Named) composed(text).frequencies()).policy();
  }

  private static AttentionPattern pattern(String text) {
    return composed(text).pattern();
  }

  @Test
  void whatIsNotNamedIsTheFilesScalingAndFullAttention() {
    assertThat(composed("full"))
        .isEqualTo(
            new Choice.Composed(
                new Frequencies.File(Stages.WHOLE_EXACT), new AttentionPattern.Full()));
    assertThat(pattern("yarn:factor=4")).isEqualTo(new AttentionPattern.Full());
    assertThat(composed("window:size=9").frequencies()).isEqualTo(Frequencies.File.AS_TRANSFORMERS);
  }

  @Test
  void theFileMayBeMadeProgressive() {
    assertThat(composed("file").frequencies())
        .isEqualTo(new Frequencies.File(new Stages(Stages.EXACT, true)));
    assertThat(composed("file:whole=false").frequencies())
        .isEqualTo(new Frequencies.File(new Stages(8, false)));
    assertThat(composed("file:whole=true,stages=exact").frequencies())
        .isEqualTo(Frequencies.File.AS_TRANSFORMERS);
  }

  @Test
  void everyFrequencyPolicyHasItsDefaults() {
    assertThat(policy("none")).isEqualTo(new FrequencyPolicy.None());
    assertThat(policy("linear:factor=2")).isEqualTo(new FrequencyPolicy.Linear(2));
    assertThat(policy("pi:factor=2")).isEqualTo(new FrequencyPolicy.Linear(2));
    assertThat(policy("ntk:factor=2.5")).isEqualTo(new FrequencyPolicy.Ntk(2.5));
    assertThat(policy("base:theta=1e+6")).isEqualTo(new FrequencyPolicy.BaseChange(1e6));
    assertThat(policy("ntk-by-parts:factor=4")).isEqualTo(new FrequencyPolicy.NtkByParts(4, 1, 32));
    assertThat(policy("yarn:factor=4"))
        .isEqualTo(new FrequencyPolicy.Yarn(4, 0, new YarnRamp(32, 1, true), FROM_FACTOR));
    assertThat(policy("llama3:factor=8")).isEqualTo(new FrequencyPolicy.Llama3(8, 1, 4, 0));
    assertThat(policy("dynamic-linear"))
        .isEqualTo(new FrequencyPolicy.DynamicLinear(1, new Stages(8, false)));
    assertThat(policy("dynamic-ntk:factor=2,whole=true,stages=exact"))
        .isEqualTo(new FrequencyPolicy.DynamicNtk(2, Stages.WHOLE_EXACT));
    assertThat(policy("dynamic-yarn:stages=4"))
        .isEqualTo(new FrequencyPolicy.DynamicYarn(1, new Stages(4, false)));
  }

  @Test
  void yarnReadsEveryParameter() {
    assertThat(
            policy(
                "yarn:factor=4,original=4k,beta_fast=16,beta_slow=2,truncate=false,"
                    + "attention_factor=0.9"))
        .isEqualTo(
            new FrequencyPolicy.Yarn(
                4, 4096, new YarnRamp(16, 2, false), new YarnTemperature.Given(0.9)));
    assertThat(policy("yarn:factor=40,mscale=0.707,mscale_all_dim=1"))
        .isEqualTo(
            new FrequencyPolicy.Yarn(
                40, 0, YarnRamp.DEFAULT, new YarnTemperature.Mscale(0.707, 1)));
  }

  @Test
  void everyPatternHasItsDefaults() {
    assertThat(pattern("window:size=1k")).isEqualTo(new AttentionPattern.Window(1024));
    assertThat(pattern("window-recompute:size=8"))
        .isEqualTo(new AttentionPattern.WindowRecompute(8));
    assertThat(pattern("streaming:window=1020")).isEqualTo(new AttentionPattern.Streaming(4, 1020));
    assertThat(pattern("self-extend:group=4,window=1K"))
        .isEqualTo(new AttentionPattern.SelfExtend(4, 1024));
    assertThat(pattern("rerope:window=8")).isEqualTo(new AttentionPattern.ReRope(8, false));
    assertThat(pattern("rerope:window=8,logn=true"))
        .isEqualTo(new AttentionPattern.ReRope(8, true));
    assertThat(pattern("leaky-rerope:window=8,k=2.5"))
        .isEqualTo(new AttentionPattern.LeakyReRope(8, 2.5));
    assertThat(pattern("lm-infinite:sinks=0,window=8"))
        .isEqualTo(new AttentionPattern.LmInfinite(0, 8));
    assertThat(pattern("dual-chunk:chunk=48,local=8"))
        .isEqualTo(new AttentionPattern.DualChunk(48, 8));
    assertThat(pattern("infllm:local=64,topk=2"))
        .isEqualTo(new AttentionPattern.InfLlm(128, 64, 128, 2, 4));
    assertThat(pattern("landmark:local=2,memory=4k"))
        .isEqualTo(new AttentionPattern.Landmark(0, 2, 2, 4096));
  }

  @Test
  void aPolicyAndAPatternCombineInEitherOrderAndWithBlanks() {
    Choice.Composed both = composed("yarn:factor=4+streaming:window=1020");
    assertThat(composed(" streaming:window = 1020 + yarn:factor=4 ")).isEqualTo(both);
    assertThat(MethodSpec.parse("  auto ").choice()).isEqualTo(new Choice.Auto());
    assertThat(MethodSpec.parse(" yarn:factor=4 ")).hasToString("yarn:factor=4");
  }

  @Test
  void aPlusInsideANumberJoinsNothing() {
    assertThat(composed("base:theta=5e+5+window:size=9"))
        .isEqualTo(
            new Choice.Composed(
                new Frequencies.Named(new FrequencyPolicy.BaseChange(5e5)),
                new AttentionPattern.Window(9)));
  }

  @Test
  void longRopeTakesListsOrFiles(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("long.txt");
    Files.writeString(file, "[2.0, 4e0,\n 8]");
    assertThat(policy("longrope:short=1:1.5:2,long=@" + file + ",original=4k,factor=32,whole=true"))
        .isEqualTo(
            new FrequencyPolicy.LongRope(
                List.of(1.0, 1.5, 2.0), List.of(2.0, 4.0, 8.0), 4096, Double.NaN, 32, true));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "nonsense | no method 'nonsense'",
        "\"\" | no method ''",
        "yarn | method 'yarn' needs factor",
        "yarn:factor=4,facter=2 | method 'yarn' has no parameter 'facter'; known: attention_factor, beta_fast",
        "none:factor=2 | method 'none' has no parameter 'factor'; it has none",
        "yarn:factor=4,factor=4 | method 'yarn' has 'factor' twice",
        "yarn:factor=four | method 'yarn' has factor=four where a number is expected",
        "yarn:factor | method 'yarn' has 'factor' where key=value is expected",
        "yarn:factor=4,original=4.5 | method 'yarn' has original=4.5 where a whole number",
        "window:size=9999999999 | method 'window' has size=9999999999 where a whole number",
        "window:size=9999999k | method 'window' has size=9999999k where a whole number",
        "yarn:factor=4,truncate=yes | method 'yarn' has truncate=yes where true or false is expected",
        "yarn:factor=0.5 | factor must be a finite number of at least 1, got 0.5",
        "yarn:factor=NaN | method 'yarn' has factor=NaN where a number is expected",
        "linear:factor=1e999 | factor must be a finite number of at least 1, got Infinity",
        "yarn:factor=4,beta_fast=1,beta_slow=32 | beta_fast must be above beta_slow",
        "yarn:factor=4,mscale=1 | method 'yarn' needs mscale and mscale_all_dim together, or neither",
        "yarn:factor=4,mscale=1,attention_factor=1 | method 'yarn' has attention_factor as well as mscale",
        "yarn:factor=4+linear:factor=2 | has two frequency policies, yarn and linear; keep one",
        "full+window:size=3 | has two attention patterns, full and window; keep one",
        "auto+window:size=3 | 'auto' chooses the whole method",
        "memory-tokens:segment=0 | method 'memory-tokens' needs a segment of at least 1 and keep of at least 0",
        "memory-tokens:keep=-1 | method 'memory-tokens' needs a segment of at least 1 and keep of at least 0",
        "memory-tokens:tokens=4 | method 'memory-tokens' has no parameter 'tokens'; known: keep, segment",
        "landmark:block=5 | no parameter 'block'",
        "landmark:topk=-1 | topk of at least 0",
        "landmark:memory=0 | memory of at least 1",
        "streaming:sinks=-1,window=4 | streaming needs sinks of at least 0, got -1",
        "dual-chunk:chunk=8,local=8 | dual-chunk needs chunk above local",
        "self-extend:group=0,window=8 | self-extend needs a group of at least 1, got 0",
        "dynamic-yarn:stages=0 | stages must be at least 1 or 'exact', got 0",
        "llama3:factor=8,low=4,high=1 | low must be positive and below high",
        "longrope:short=x,long=1 | method 'longrope' has short=x where numbers joined by ':'",
        "longrope:short=1:2x:3,long=1 | method 'longrope' has short=1:2x:3 where numbers joined by",
        "longrope:short=0,long=1 | must be divided by a finite positive number, not by 0.0",
        "longrope:short=1,long=1:2 | as many short as long factors, got 1 and 2",
        "longrope:short=1,long=1,factor=-3 | longrope needs a finite factor above 0, got -3.0",
        "longrope:short=1,long=1,attention_factor=0 | attention_factor must be positive, got 0.0",
        "yarn:factor=4,mscale=1,mscale_all_dim=-9 | must be finite and at least 0, got 1.0 and -9.0",
        "longrope:short=@/no/such/file,long=1 | can't read short from",
      })
  void aMistakeIsNamedInOneSentence(String text, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MethodSpec.parse(text))
        .withMessageContaining(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"yarn:factor=4+", "+yarn:factor=4", "yarn:factor=4++full", "yarn:"})
  void anIncompleteSpecificationIsRefused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> MethodSpec.parse(text));
  }
}
