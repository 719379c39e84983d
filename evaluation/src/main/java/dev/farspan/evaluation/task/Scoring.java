package dev.farspan.evaluation.task;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// How an answer is judged, without case: 1 is right, 0 wrong, a share of the references between.
public enum Scoring {
  /// The share of the references that the answer contains (RULER's `string_match_all`).
  ALL {
    @Override
    public double score(String answer, String question, List<String> expected) {
      String text = clean(answer);
      return expected.stream().filter(e -> text.contains(clean(e))).count()
          / (double) expected.size();
    }
  },
  /// Whether the answer contains any reference (RULER's `string_match_part`, as NVIDIA defines it).
  ANY {
    @Override
    public double score(String answer, String question, List<String> expected) {
      String text = clean(answer);
      return expected.stream().anyMatch(e -> text.contains(clean(e))) ? 1 : 0;
    }
  },
  /// Whether the first run of digits is the reference (epfml/landmark-attention `run_test.py`).
  FIRST_NUMBER {
    @Override
    public double score(String answer, String question, List<String> expected) {
      Matcher number = NUMBER.matcher(answer);
      return number.find() && expected.contains(number.group()) ? 1 : 0;
    }
  },
  /// The largest share of a reference's words that the answer has, each as a whole word.
  RECALL {
    @Override
    public double score(String answer, String question, List<String> expected) {
      Set<String> said = new HashSet<>(words(answer));
      return expected.stream()
          .map(Scoring::words)
          .mapToDouble(
              words -> words.stream().filter(said::contains).count() / (double) words.size())
          .max()
          .orElse(0);
    }
  },
  /// Whether the first line or sentence of the answer holds the reference and no other of the
  /// labels, those of the question aside (booydar/babilong). The first reference is the right one,
  /// the others are all the labels there are.
  LABEL {
    @Override
    public double score(String answer, String question, List<String> expected) {
      String first = clean(answer).split("[.\n]", 2)[0];
      Set<String> found = labels(first, expected);
      found.removeAll(labels(clean(question), expected));
      return found.equals(Set.of(clean(expected.getFirst()))) ? 1 : 0;
    }
  };

  private static final Pattern NUMBER = Pattern.compile("\\d+");
  private static final Pattern NO_WORD = Pattern.compile("[^\\p{L}\\p{N}]+");
  private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}&&[^\n]]");

  /// Returns how right an answer is.
  ///
  /// @param answer what the model wrote
  /// @param question what was asked
  /// @param expected the references
  /// @return between 0 and 1
  public abstract double score(String answer, String question, List<String> expected);

  /// Returns the scoring of a name.
  ///
  /// @param name `all`, `any`, `first_number`, `recall` or `label`
  /// @return the scoring
  /// @throws IllegalArgumentException for another name
  public static Scoring of(String name) {
    return Arrays.stream(values())
        .filter(scoring -> scoring.toString().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "there is no scoring '%s'; use one of %s"
                        .formatted(
                            name,
                            Arrays.stream(values())
                                .map(Scoring::toString)
                                .collect(Collectors.joining(", ")))));
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  private static String clean(String text) {
    return CONTROL.matcher(text).replaceAll("\n").strip().toLowerCase(Locale.ROOT);
  }

  private static List<String> words(String text) {
    return Arrays.stream(NO_WORD.split(clean(text))).filter(word -> !word.isEmpty()).toList();
  }

  private static Set<String> labels(String text, List<String> labels) {
    Set<String> words = new HashSet<>(words(text));
    return labels.stream()
        .map(Scoring::clean)
        .filter(label -> words.contains(label))
        .collect(Collectors.toCollection(HashSet::new));
  }
}
