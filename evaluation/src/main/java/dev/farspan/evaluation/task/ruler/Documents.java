package dev.farspan.evaluation.task.ruler;

import dev.farspan.evaluation.task.Draw;
import dev.farspan.evaluation.task.Filling;
import dev.farspan.evaluation.task.Layout;
import dev.farspan.evaluation.task.Question;
import dev.farspan.evaluation.task.Scoring;
import dev.farspan.evaluation.task.Task;
import dev.farspan.evaluation.task.TaskFacts;
import dev.farspan.evaluation.task.ruler.MadePeople.Person;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// RULER's `qa_1` and `qa_2` in style: RULER takes documents and questions of SQuAD and HotpotQA,
/// here they are made. Results are not comparable with RULER's.
///
/// @param hops documents an answer needs, 1 or 2
public record Documents(int hops) implements Task {
  private static final String INSTRUCTION =
      "Answer the question based on the given documents. Only give me the answer and do not output any other words.";

  @Override
  public TaskFacts facts() {
    return new TaskFacts(
        "qa_" + hops,
        hops == 1 ? "Where was somebody born?" : "What is the trade of somebody's spouse?",
        Scoring.ANY,
        32,
        false);
  }

  @Override
  public Layout layout(Draw draw) {
    RandomGenerator random = draw.random(facts().name());
    List<Person> people = MadePeople.draw(random);
    List<Person> gold = people.subList(0, hops);
    List<Person> others = people.subList(2, people.size()); // not the spouse
    double[] places = random.doubles(hops).toArray();
    Person asked = gold.getFirst();
    Question question =
        hops == 1
            ? question("In which town was %s born?".formatted(asked.name()), asked.town())
            : question(
                "What was the trade of the person who married %s?".formatted(asked.name()),
                gold.get(1).trade());
    return new Layout(
        INSTRUCTION + "\n\nThe following are given documents.",
        new Filling.Pieces(count -> documents(gold, others, places, count)),
        List.of(),
        List.of(question));
  }

  private static Question question(String text, String answer) {
    return new Question(
        "\n\n" + INSTRUCTION + "\n\nQuestion: " + text, " Answer:", List.of(answer));
  }

  private static List<String> documents(
      List<Person> gold, List<Person> others, double[] places, int count) {
    List<String> texts = new ArrayList<>();
    for (int n = 0; n < count; n++) {
      texts.add(others.get(n % others.size()).document());
    }
    for (int g = 0; g < gold.size(); g++) {
      texts.add((int) (places[g] * (texts.size() + 1)), gold.get(g).document());
    }
    List<String> documents = new ArrayList<>();
    for (int n = 0; n < texts.size(); n++) {
      documents.add("\n\nDocument %d:\n%s".formatted(n + 1, texts.get(n)));
    }
    return documents;
  }
}
