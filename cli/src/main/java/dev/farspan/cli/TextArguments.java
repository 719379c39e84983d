package dev.farspan.cli;

import dev.farspan.cli.progress.Amounts;
import dev.farspan.evaluation.perplexity.Corpus;
import dev.farspan.evaluation.perplexity.Document;
import dev.farspan.evaluation.text.TextFile;
import dev.farspan.evaluation.text.TextFiles;
import dev.farspan.runtime.engine.Model;
import dev.farspan.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The texts that a command evaluates on.
final class TextArguments {
  private static final int ALL = Integer.MAX_VALUE;

  @Spec(Spec.Target.MIXEE)
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec command;

  @Option(
      names = "--file",
      paramLabel = "F",
      description = {
        "A UTF-8 text, or a directory: each text file in it is a document. May be repeated.",
        "Binary files and those whose names begin with a dot are left out."
      })
  private List<Path> files = List.of();

  @Option(
      names = "--code-base",
      paramLabel = "DIR",
      description =
          "A directory that is read as one text, each file after a line with its path. May be"
              + " repeated.")
  private List<Path> codeBases = List.of();

  @Option(
      names = "--tokens",
      paramLabel = "N",
      converter = TokenCount.class,
      description = "Take the first N tokens of each text; default: all.")
  private int tokens = ALL;

  /// Their names, for a report.
  String names() {
    return Stream.concat(files.stream(), codeBases.stream())
        .map(path -> String.valueOf(path.toAbsolutePath().normalize().getFileName()))
        .collect(Collectors.joining(", "));
  }

  List<TextFile> read(Console console) {
    if (files.isEmpty() && codeBases.isEmpty()) {
      throw new ParameterException(
          command.commandLine(), "name a text with --file, or a code base with --code-base");
    }
    TextFiles reader = new TextFiles(console::note);
    List<TextFile> texts = new ArrayList<>();
    files.forEach(file -> texts.addAll(reader.read(file)));
    codeBases.forEach(directory -> texts.add(reader.codeBase(directory)));
    return texts;
  }

  Corpus encode(
      List<TextFile> texts, Model model, PreTokenizerArgument preTokenizer, Console console) {
    texts.forEach(text -> preTokenizer.report(model, text.text(), console));
    Corpus whole = corpus(texts, model.tokenizer());
    if (tokens != ALL) {
      whole.documents().stream()
          .filter(document -> document.length() < tokens)
          .findFirst()
          .ifPresent(
              document ->
                  console.note(
                      "%s has %s tokens, fewer than the %s of --tokens: all of it is taken"
                          .formatted(
                              document.name(),
                              Amounts.count(document.length()),
                              Amounts.count(tokens))));
    }
    return whole.first(tokens);
  }

  /// Texts as a model reads them.
  static Corpus corpus(List<TextFile> texts, Tokenizer tokenizer) {
    List<Document> documents =
        texts.stream()
            .map(text -> new Document(text.name(), tokenizer.encode(text.text(), true)))
            .toList();
    return corpusOf(documents, tokenizer);
  }

  /// Encoded texts as a model reads them.
  static Corpus corpusOf(List<Document> documents, Tokenizer tokenizer) {
    OptionalInt begin = tokenizer.addsBeginOfText() ? tokenizer.beginOfText() : OptionalInt.empty();
    return new Corpus(documents, begin);
  }
}
