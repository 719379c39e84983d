package dev.farspan.cli.hub;

import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// Which files of a repository make up the model that was asked for.
///
/// @param files paths in the repository; the one that makes the model usable comes last
/// @param directory whether they form a directory in Hugging Face's format, else they are a GGUF
///   file or the parts of one
record ModelFiles(List<String> files, boolean directory) {
  /// Beside the weights; what a repository lacks is not needed.
  private static final Set<String> COMPANIONS =
      Set.of(
          "config.json",
          "generation_config.json",
          "tokenizer.json",
          "tokenizer_config.json",
          "special_tokens_map.json",
          "chat_template.jinja");

  private static final String WHOLE = "model.safetensors";
  private static final String INDEX = "model.safetensors.index.json";
  private static final Pattern SHARD = Pattern.compile("model-\\d{5}-of-\\d{5}\\.safetensors");
  private static final Pattern SPLIT = Pattern.compile("(.*)-(\\d{5})-of-(\\d{5})\\.gguf");

  ModelFiles {
    files = List.copyOf(files);
  }

  /// Chooses from what a repository has.
  static ModelFiles choose(HubName name, List<String> present) {
    if (!name.file().isEmpty()) {
      if (!present.contains(name.file())) {
        throw new HubException(
            "%s has no file %s%s"
                .formatted(name.repository(), name.file(), choices(name, ggufs(present))));
      }
      return new ModelFiles(parts(name.file()), false);
    }
    if (present.contains("config.json") && (present.contains(WHOLE) || present.contains(INDEX))) {
      return new ModelFiles(
          present.stream().filter(file -> belongs(file, present.contains(WHOLE))).toList(), true);
    }
    List<String> ggufs = ggufs(present).stream().filter(ModelFiles::isFirst).toList();
    if (ggufs.size() == 1) {
      return new ModelFiles(parts(ggufs.getFirst()), false);
    }
    throw new HubException(
        ggufs.isEmpty()
            ? "%s has neither config.json with safetensors weights nor a GGUF file: choose another repository"
                .formatted(name.repository())
            : "%s has several GGUF files%s".formatted(name.repository(), choices(name, ggufs)));
  }

  private static boolean belongs(String file, boolean whole) {
    return COMPANIONS.contains(file)
        || (whole ? file.equals(WHOLE) : file.equals(INDEX) || SHARD.matcher(file).matches());
  }

  private static List<String> ggufs(List<String> present) {
    return present.stream().filter(file -> file.endsWith(".gguf")).sorted().toList();
  }

  private static boolean isFirst(String gguf) {
    Matcher split = SPLIT.matcher(gguf);
    return !split.matches() || Integer.parseInt(split.group(2)) == 1;
  }

  /// All parts of a split file; the first, by which the model is opened, comes last.
  private static List<String> parts(String gguf) {
    Matcher split = SPLIT.matcher(gguf);
    if (!split.matches()) {
      return List.of(gguf);
    }
    int count = Integer.parseInt(split.group(3));
    return IntStream.rangeClosed(1, count)
        .map(i -> count + 1 - i)
        .mapToObj(i -> "%s-%05d-of-%s.gguf".formatted(split.group(1), i, split.group(3)))
        .toList();
  }

  private static String choices(HubName name, List<String> ggufs) {
    return ggufs.isEmpty()
        ? ""
        : ": name one, such as %s:%s (there are %s)"
            .formatted(name.repository(), ggufs.getFirst(), String.join(", ", ggufs));
  }
}
