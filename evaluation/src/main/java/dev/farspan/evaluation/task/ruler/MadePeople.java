package dev.farspan.evaluation.task.ruler;

import dev.farspan.evaluation.task.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// People who never lived, each with a town, a trade and a spouse: documents that no model has
/// read.
final class MadePeople {
  private static final List<String> FIRST =
      List.of(
          "Alma",
          "Anton",
          "Beata",
          "Bruno",
          "Clara",
          "Cyril",
          "Dora",
          "Edgar",
          "Elsa",
          "Emil",
          "Fanny",
          "Felix",
          "Greta",
          "Gustav",
          "Hilda",
          "Hugo",
          "Ida",
          "Igor",
          "Jana",
          "Jonas",
          "Karla",
          "Konrad",
          "Lena",
          "Leo",
          "Magda",
          "Matthias",
          "Nora",
          "Oskar",
          "Paula",
          "Pavel",
          "Rosa",
          "Rudolf",
          "Selma",
          "Simon",
          "Thea",
          "Tobias",
          "Ulla",
          "Viktor",
          "Wanda",
          "Xaver");
  private static final List<String> LAST =
      List.of(
          "Abelin",
          "Barkov",
          "Corvell",
          "Dremmer",
          "Eskola",
          "Farnham",
          "Gellert",
          "Hartwick",
          "Ivarsen",
          "Jelinek",
          "Kestner",
          "Lindqvist",
          "Marwick",
          "Nordahl",
          "Ostrava",
          "Pellworm",
          "Quist",
          "Rosendal",
          "Sandvik",
          "Thornby",
          "Ulmann",
          "Varga",
          "Westerlo",
          "Ylmaz",
          "Zander",
          "Brandeis",
          "Calloway",
          "Denholm",
          "Ekberg",
          "Fenwick",
          "Grimsby",
          "Holloway",
          "Janssen",
          "Kirchner",
          "Lovell",
          "Mortensen",
          "Novak",
          "Osgood",
          "Prescott",
          "Ravn");
  private static final List<String> TOWNS =
      List.of(
          "Aldermoor",
          "Brackwater",
          "Cinderford",
          "Dunhallow",
          "Eastmere",
          "Fallowby",
          "Glenharrow",
          "Hexley",
          "Ironbeck",
          "Juniper Cross",
          "Kelsburg",
          "Larkhaven",
          "Millrace",
          "Northwick",
          "Oxbow",
          "Pennfield",
          "Quarrytown",
          "Redmarsh",
          "Saltholm",
          "Thistledown",
          "Underhill",
          "Veldencourt",
          "Whitmoor",
          "Yarrow");
  private static final List<String> TRADES =
      List.of(
          "glassblower",
          "cartographer",
          "beekeeper",
          "clockmaker",
          "botanist",
          "ropemaker",
          "printer",
          "shipwright",
          "weaver",
          "geologist",
          "bookbinder",
          "locksmith",
          "piano tuner",
          "stonemason",
          "surveyor",
          "lighthouse keeper");

  /// One of them.
  record Person(String name, String town, String trade, String spouse, int year) {
    String document() {
      return "%s was born in %s in the year %d. After a long apprenticeship %s worked as a %s and later married %s."
          .formatted(name, town, year, name, trade, spouse);
    }
  }

  private MadePeople() {}

  /// Returns people of different names; every second is married to the one before, and the other
  /// way round.
  static List<Person> draw(RandomGenerator random) {
    List<String> names = new ArrayList<>();
    for (String first : FIRST) {
      for (String last : LAST) {
        names.add(first + " " + last);
      }
    }
    List<String> shuffled = Words.draw(random, names, names.size());
    List<Person> people = new ArrayList<>();
    for (int p = 0; p < shuffled.size(); p++) {
      people.add(
          new Person(
              shuffled.get(p),
              TOWNS.get(random.nextInt(TOWNS.size())),
              TRADES.get(random.nextInt(TRADES.size())),
              shuffled.get(p ^ 1), // their number is even
              1780 + random.nextInt(140)));
    }
    return people;
  }
}
