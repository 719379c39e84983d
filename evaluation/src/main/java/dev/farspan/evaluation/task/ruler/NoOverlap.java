package dev.farspan.evaluation.task.ruler;

import dev.farspan.evaluation.task.Draw;
import dev.farspan.evaluation.task.Filling;
import dev.farspan.evaluation.task.Insert;
import dev.farspan.evaluation.task.Layout;
import dev.farspan.evaluation.task.Question;
import dev.farspan.evaluation.task.Scoring;
import dev.farspan.evaluation.task.Task;
import dev.farspan.evaluation.task.TaskFacts;
import java.util.List;
import java.util.random.RandomGenerator;

/// A needle that shares no word with its question, so that only what the model knows connects them:
/// the idea of NoLiMa (arXiv 2502.05167), with needles of this project. Results are not comparable
/// with NoLiMa's.
public record NoOverlap() implements Task {
  private static final List<String> PEOPLE =
      List.of("Yuki", "Katrin", "Stuart", "Mandla", "Veronica", "Caleb", "Gita", "Diego");

  /// A thing everybody knows, and what it stands for.
  private record Link(String hidden, String asked) {}

  private static final List<Link> LINKS =
      List.of(
          new Link("sells postcards below the Eiffel Tower", "Which character lives in Paris?"),
          new Link("sweeps the steps of the Colosseum", "Which character works in Rome?"),
          new Link("keeps the clock of Big Ben in order", "Which character works in London?"),
          new Link("guards the walls of the Kremlin", "Which character works in Moscow?"),
          new Link("never eats meat, fish or eggs", "Which character is a vegan?"),
          new Link("tunes a violin before every evening", "Which character is a musician?"),
          new Link("pulls teeth and fills holes in them", "Which character is a dentist?"),
          new Link("kneads dough long before dawn", "Which character bakes bread?"));

  @Override
  public TaskFacts facts() {
    return new TaskFacts(
        "no_overlap",
        "Who is meant by a question that shares no word with the text?",
        Scoring.ALL,
        16,
        true);
  }

  @Override
  public Layout layout(Draw draw) {
    RandomGenerator random = draw.random("no_overlap");
    Link link = LINKS.get(random.nextInt(LINKS.size()));
    String name = PEOPLE.get(random.nextInt(PEOPLE.size()));
    return new Layout(
        "You will answer a question about the following text; the answer is one name in it.\n",
        new Filling.Running(),
        List.of(new Insert(" Actually, %s %s.".formatted(name, link.hidden()), draw.depth())),
        List.of(new Question("\nQuestion: " + link.asked(), " Answer:", List.of(name))));
  }
}
