package dev.farspan.cli;

import dev.farspan.evaluation.task.Haystack;
import dev.farspan.evaluation.task.run.HttpJudge;
import dev.farspan.evaluation.task.run.Judge;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/// What the retrieval evaluations have in common: lengths, samples, the text, the judge.
final class ExamArguments {
  private static final String KEY = "FARSPAN_JUDGE_KEY";

  @Option(
      names = "--lengths",
      required = true,
      paramLabel = "N,N",
      split = ",",
      converter = TokenCount.class,
      description = "Tokens of prompt and answer together, one or several.")
  private List<Integer> lengths = List.of();

  @Option(
      names = "--samples",
      paramLabel = "N",
      converter = PositiveCount.class,
      description = "Samples of each cell; default: 1.")
  private int samples = 1;

  @Option(names = "--seed", paramLabel = "N", description = "Seed of all samples; default: 42.")
  private long seed = 42;

  @Option(
      names = "--file",
      paramLabel = "F",
      description = {
        "The text that things are hidden in, UTF-8; default: Genesis and Exodus of the King James",
        "Bible, about 90,000 tokens (eval passkey: sentences that say nothing)."
      })
  private @Nullable Path file;

  @Option(
      names = "--chat",
      description =
          "Put the model's chat template around prompts; without it they are text to continue.")
  private boolean chat;

  @Option(
      names = "--judge",
      paramLabel = "URL",
      converter = Endpoint.class,
      description = {
        "Let a model behind an OpenAI-compatible endpoint score the answers, 0.1 to 1; its key is",
        "read from FARSPAN_JUDGE_KEY. Example: http://localhost:8080/v1"
      })
  private @Nullable URI judge;

  @Option(
      names = "--judge-model",
      paramLabel = "NAME",
      description = "Which model of the endpoint judges; default: default.")
  private @Nullable String judgeModel;

  List<Integer> lengths() {
    return lengths.stream().distinct().toList();
  }

  int samples() {
    return samples;
  }

  long seed() {
    return seed;
  }

  boolean chat() {
    return chat;
  }

  /// Whether a text was named.
  boolean hasText() {
    return file != null;
  }

  Haystack haystack() {
    return file == null
        ? Haystack.standard()
        : new Haystack(String.valueOf(file.getFileName()), Texts.read(file));
  }

  Optional<Judge> judge(Host host) {
    if (judge == null) {
      return Optional.empty();
    }
    Optional<String> key = Optional.ofNullable(host.environment().get(KEY));
    return Optional.of(new HttpJudge(judge, judgeModel(), key));
  }

  private String judgeModel() {
    return judgeModel == null ? "default" : judgeModel;
  }

  /// Refuses the name of a judge where none judges.
  void check(CommandSpec spec) {
    if (judgeModel != null && judge == null) {
      throw new ParameterException(
          spec.commandLine(),
          "--judge-model has no effect without --judge: give the judge's address, or leave it out");
    }
  }

  /// Who scores, for a run's identity.
  String scorer() {
    return judge == null ? "task" : judge + " " + judgeModel();
  }

  /// Reads the address of an endpoint.
  static final class Endpoint implements ITypeConverter<URI> {
    @Override
    public URI convert(String text) {
      try {
        URI address = new URI(text);
        if (address.getHost() != null && String.valueOf(address.getScheme()).matches("https?")) {
          return address;
        }
      } catch (URISyntaxException _) {
        // said below
      }
      throw new TypeConversionException(
          "'%s' is not the address of an endpoint such as http://localhost:8080/v1"
              .formatted(text));
    }
  }
}
