package dev.farspan.runtime.engine;

import dev.farspan.runtime.decode.LogitsSink;
import dev.farspan.runtime.decode.Session;
import dev.farspan.runtime.decode.SessionOptions;
import dev.farspan.runtime.engine.GenerationResult.Finish;
import dev.farspan.runtime.sample.Sampler;
import dev.farspan.tokenizer.StreamDecoder;
import java.time.Duration;
import java.util.BitSet;
import java.util.Set;

/// Continues prompts with a model.
public final class Generator {
  private final Model model;

  /// Makes a generator.
  ///
  /// @param model the model; it must stay open
  public Generator(Model model) {
    this.model = model;
  }

  /// Reads a prompt and continues it.
  ///
  /// @param request what to continue, and how
  /// @param listener told of progress and of each piece of text as it comes
  /// @return the continuation and what it took
  /// @throws IllegalArgumentException if the prompt is over the limit and the request says so, or
  ///   the method does not fit the model
  public GenerationResult generate(GenerationRequest request, GenerationListener listener) {
    int[] prompt = request.prompt().stream().mapToInt(Integer::intValue).toArray();
    ContextPlan plan =
        ContextPlan.of(model.config(), request.context(), prompt.length, request.maxTokens());
    plan.notes().forEach(listener::onNote);
    SessionOptions options =
        new SessionOptions(plan.method(), prompt.length, request.context().cacheType());
    try (Session session = Session.open(model.decoder(), options)) {
      return new Run(model, request, plan, listener, session).go(prompt);
    }
  }

  /// One generation in progress.
  private static final class Run {
    private final GenerationRequest request;
    private final ContextPlan plan;
    private final GenerationListener listener;
    private final Session session;
    private final Model model;
    private final Sampler sampler;
    private final StreamDecoder decoder;
    private final StopTexts stops;
    private final StringBuilder text = new StringBuilder();
    private final BitSet history = new BitSet();
    private final Set<Integer> endOfText;
    private int next;

    Run(
        Model model,
        GenerationRequest request,
        ContextPlan plan,
        GenerationListener listener,
        Session session) {
      this.model = model;
      this.request = request;
      this.plan = plan;
      this.listener = listener;
      this.session = session;
      this.sampler = new Sampler(request.sampling());
      this.decoder = model.tokenizer().stream();
      this.stops = new StopTexts(request.stops());
      this.endOfText = model.endOfText();
    }

    GenerationResult go(int[] prompt) {
      for (int id : prompt) {
        history.set(id);
      }
      long start = System.nanoTime();
      LogitsSink last = sampleAt(prompt.length - 1);
      session.feed(prompt, request.block(), last, done -> listener.onPrefill(done, prompt.length));
      long middle = System.nanoTime();
      int generated = 0;
      Finish finish = Finish.MAX_TOKENS;
      while (true) {
        generated++;
        if (endOfText.contains(next)) {
          finish = Finish.END_OF_TEXT;
          break;
        }
        emit(stops.accept(decoder.next(next)));
        if (stops.found()) {
          finish = Finish.STOP_TEXT;
          break;
        }
        if (generated >= request.maxTokens()) {
          break;
        }
        if (prompt.length + generated >= plan.limit()) {
          finish = Finish.CONTEXT_FULL;
          break;
        }
        history.set(next);
        session.feed(new int[] {next}, 1, sampleAt(session.position()), _ -> {});
      }
      emit(stops.accept(decoder.flush()));
      emit(stops.finish());
      return new GenerationResult(
          text.toString(),
          prompt.length,
          generated,
          plan.method().name(),
          finish,
          Duration.ofNanos(middle - start),
          Duration.ofNanos(System.nanoTime() - middle),
          session.cacheBytes());
    }

    private void emit(String piece) {
      if (!piece.isEmpty()) {
        text.append(piece);
        listener.onText(piece);
      }
    }

    private LogitsSink sampleAt(int position) {
      return new LogitsSink() {
        @Override
        public boolean wants(int at) {
          return at == position;
        }

        @Override
        public void accept(int at, float[] logits, int from) {
          // Embeddings may be padded beyond the vocabulary; no text belongs to those ids.
          int vocab = Math.min(model.config().vocabSize(), model.tokenizer().vocabSize());
          next = sampler.next(logits, from, vocab, history);
        }
      };
    }
  }
}
