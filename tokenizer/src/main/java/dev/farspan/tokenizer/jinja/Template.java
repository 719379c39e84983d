package dev.farspan.tokenizer.jinja;

import java.time.ZonedDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A parsed template. Immutable; may be rendered by several threads at once.
public final class Template {
  // Templates come from model files, so what they print has a limit: 2^26 characters are about 16
  // million tokens.
  static final int LONGEST_OUTPUT = 1 << 26;

  private final List<Stmt> body;

  private Template(List<Stmt> body) {
    this.body = body;
  }

  /// Returns the template in that source.
  ///
  /// @param source Jinja source
  /// @return the parsed template
  /// @throws TemplateException if it is malformed or uses what is not supported
  public static Template parse(String source) {
    try {
      return new Template(Parser.parse(source));
    } catch (StackOverflowError e) {
      throw new TemplateException("the chat template is nested too deeply");
    }
  }

  /// Returns what the template prints.
  ///
  /// @param variables its variables: text, numbers, booleans, lists and maps; a variable that is
  ///   none is given by its name in `none`
  /// @param none names of the variables that are None
  /// @param now the time that `strftime_now` tells
  /// @return the text
  /// @throws TemplateException if the template fails or refuses the variables
  public String render(Map<String, ?> variables, List<String> none, ZonedDateTime now) {
    Map<String, Object> values = new HashMap<>(Globals.at(now));
    none.forEach(name -> values.put(name, None.NONE));
    variables.forEach((name, value) -> values.put(name, Values.of(name, value)));
    try {
      return Renderer.render(body, Scope.global(values));
    } catch (StackOverflowError e) {
      throw new TemplateException("the chat template calls itself too deeply");
    }
  }
}
