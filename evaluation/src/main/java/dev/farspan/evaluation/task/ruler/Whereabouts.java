package dev.farspan.evaluation.task.ruler;

import dev.farspan.evaluation.task.Draw;
import dev.farspan.evaluation.task.Filling;
import dev.farspan.evaluation.task.Insert;
import dev.farspan.evaluation.task.Layout;
import dev.farspan.evaluation.task.Question;
import dev.farspan.evaluation.task.Scoring;
import dev.farspan.evaluation.task.Task;
import dev.farspan.evaluation.task.TaskFacts;
import dev.farspan.evaluation.task.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// Facts about people and things that move about, spread over running text: the idea of BABILong
/// (arXiv 2406.10149) on a small world of this project. Results are not comparable with BABILong's.
///
/// @param needed facts an answer needs: 1 asks where somebody is, 2 where a thing is
public record Whereabouts(int needed) implements Task {
  private static final List<String> PEOPLE = List.of("Mary", "John", "Sandra", "Daniel");
  private static final List<String> PLACES =
      List.of("kitchen", "garden", "office", "bathroom", "bedroom", "hallway");
  private static final List<String> THINGS = List.of("apple", "football", "milk");
  private static final List<String> MOVES = List.of("went to", "moved to", "walked to");
  private static final int STEPS = 6;

  @Override
  public TaskFacts facts() {
    return new TaskFacts(
        "babi_" + needed,
        needed == 1 ? "Where is a person who moved about?" : "Where is a thing that was carried?",
        Scoring.LABEL,
        16,
        false);
  }

  @Override
  public Layout layout(Draw draw) {
    RandomGenerator random = draw.random(facts().name());
    List<String> story = new ArrayList<>();
    String asked;
    String place = "";
    if (needed == 1) {
      asked = one(random, PEOPLE);
      place = moves(random, asked, story);
    } else {
      asked = "the " + one(random, THINGS);
      String carrier = one(random, PEOPLE);
      story.add("%s picked up %s.".formatted(carrier, asked));
      place = moves(random, carrier, story);
    }
    double[] depths = random.doubles(story.size(), 0, 100).sorted().toArray();
    List<Insert> inserts = new ArrayList<>();
    for (int s = 0; s < story.size(); s++) {
      inserts.add(new Insert(" " + story.get(s), depths[s]));
    }
    List<String> labels = new ArrayList<>(PLACES);
    labels.remove(place);
    labels.addFirst(place);
    return new Layout(
        "I will give you a text with facts about where people and things are, hidden in it. Answer the question with one word, the latest place. Example: Mary went to the hallway. Mary moved to the office. Question: Where is Mary? Answer: office\n\n",
        new Filling.Running(),
        inserts,
        List.of(new Question("\n\nQuestion: Where is %s?".formatted(asked), " Answer:", labels)));
  }

  /// Adds the ways of several people, the asked one's among them; returns where that one is at the
  /// end.
  private static String moves(RandomGenerator random, String asked, List<String> story) {
    List<String> who = new ArrayList<>(List.of(asked, asked));
    while (who.size() < STEPS) {
      who.add(one(random, PEOPLE));
    }
    String place = "";
    for (String person : Words.draw(random, who, who.size())) {
      String to = one(random, PLACES);
      story.add("%s %s the %s.".formatted(person, one(random, MOVES), to));
      place = person.equals(asked) ? to : place;
    }
    return place;
  }

  private static String one(RandomGenerator random, List<String> from) {
    return from.get(random.nextInt(from.size()));
  }
}
