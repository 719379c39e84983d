package dev.farspan.tokenizer.jinja;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/// Runs statements and collects what they print.
final class Renderer {
  private enum Flow {
    NEXT,
    BREAK,
    CONTINUE
  }

  private final StringBuilder out = new StringBuilder();

  /// Returns what the statements print.
  static String render(List<Stmt> body, Scope scope) {
    var renderer = new Renderer();
    renderer.run(body, scope);
    return renderer.out.toString();
  }

  private Flow run(List<Stmt> body, Scope scope) {
    for (Stmt stmt : body) {
      Flow flow = run(stmt, scope);
      if (flow != Flow.NEXT) {
        return flow;
      }
    }
    return Flow.NEXT;
  }

  private Flow run(Stmt stmt, Scope scope) {
    switch (stmt) {
      case Stmt.Literal(String text) -> print(text);
      case Stmt.Output(Expr value, int line) ->
          print(Values.print(Evaluator.value(value, scope), line));
      case Stmt.Set set ->
          assign(set.targets(), Evaluator.value(set.value(), scope), scope, set.line());
      case Stmt.SetAttribute set -> assign(set, scope);
      case Stmt.SetBlock(String name, List<Stmt> body) ->
          scope.set(name, render(body, scope.inner()));
      case Stmt.Macro macro -> scope.set(macro.name(), (Callable) args -> call(macro, args, scope));
      case Stmt.If(List<Stmt.Branch> branches) -> {
        return run(chosen(branches, scope), scope);
      }
      case Stmt.Generation(List<Stmt> body) -> {
        return run(body, scope);
      }
      case Stmt.For loop -> loop(loop, scope);
      case Stmt.Break() -> {
        return Flow.BREAK;
      }
      case Stmt.Continue() -> {
        return Flow.CONTINUE;
      }
    }
    return Flow.NEXT;
  }

  private void print(String text) {
    if ((long) out.length() + text.length() > Template.LONGEST_OUTPUT) {
      throw new TemplateException(
          "the chat template prints more than " + Template.LONGEST_OUTPUT + " characters");
    }
    out.append(text);
  }

  private static List<Stmt> chosen(List<Stmt.Branch> branches, Scope scope) {
    for (Stmt.Branch branch : branches) {
      if (Values.truth(Evaluator.value(branch.condition(), scope))) {
        return branch.body();
      }
    }
    return List.of();
  }

  private static void assign(List<String> targets, Object value, Scope scope, int line) {
    if (targets.size() == 1) {
      scope.set(targets.getFirst(), value);
      return;
    }
    List<Object> items = Values.items(value, line);
    if (items.size() != targets.size()) {
      throw TemplateException.at(
          line, "%d values for %d names".formatted(items.size(), targets.size()));
    }
    for (int i = 0; i < targets.size(); i++) {
      scope.set(targets.get(i), items.get(i));
    }
  }

  private static void assign(Stmt.SetAttribute set, Scope scope) {
    Object target = scope.get(set.namespace());
    if (!(target instanceof Namespace namespace)) {
      throw TemplateException.at(
          set.line(),
          "only a namespace can be changed, but '%s' is %s"
              .formatted(set.namespace(), Values.describe(target)));
    }
    namespace.values().put(set.attribute(), Evaluator.value(set.value(), scope));
  }

  private void loop(Stmt.For loop, Scope scope) {
    List<Object> items = new ArrayList<>();
    for (Object item : Values.items(Evaluator.value(loop.items(), scope), loop.line())) {
      Scope inner = scope.inner();
      assign(loop.targets(), item, inner, loop.line());
      if (Values.truth(Evaluator.value(loop.condition(), inner))) {
        items.add(item);
      }
    }
    if (items.isEmpty()) {
      run(loop.otherwise(), scope.inner());
      return;
    }
    for (int i = 0; i < items.size(); i++) {
      Scope inner = scope.inner();
      inner.set("loop", state(items, i));
      assign(loop.targets(), items.get(i), inner, loop.line());
      if (run(loop.body(), inner) == Flow.BREAK) {
        return;
      }
    }
  }

  private static Map<String, Object> state(List<Object> items, int i) {
    int size = items.size();
    Map<String, Object> loop = new HashMap<>();
    loop.put("index", i + 1L);
    loop.put("index0", (long) i);
    loop.put("revindex", (long) size - i);
    loop.put("revindex0", size - i - 1L);
    loop.put("first", i == 0);
    loop.put("last", i == size - 1);
    loop.put("length", (long) size);
    if (i > 0) {
      loop.put("previtem", items.get(i - 1));
    }
    if (i + 1 < size) {
      loop.put("nextitem", items.get(i + 1));
    }
    loop.put("cycle", (Callable) args -> args.positional().get(i % args.count()));
    for (String missing : List.of("changed", "depth", "depth0")) {
      loop.put(
          missing,
          (Callable)
              args -> {
                throw args.error("of a loop is not supported");
              });
    }
    return loop;
  }

  private static String call(Stmt.Macro macro, Args args, Scope defined) {
    Scope scope = defined.inner();
    args.only(macro.parameters().size(), macro.parameters().keySet().toArray(String[]::new));
    Iterator<Object> positional = args.positional().iterator();
    macro
        .parameters()
        .forEach(
            (name, otherwise) -> {
              Object given = positional.hasNext() ? positional.next() : args.named().get(name);
              scope.set(name, given == null ? Evaluator.value(otherwise, scope) : given);
            });
    return render(macro.body(), scope);
  }
}
