package dev.farspan.runtime.engine;

import dev.farspan.context.method.Method;
import dev.farspan.runtime.decode.LogitsSink;
import dev.farspan.runtime.decode.Session;
import dev.farspan.runtime.decode.SessionOptions;
import dev.farspan.runtime.kvcache.CacheType;
import java.util.Arrays;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// Reads prompts one after the other, each from where it first differs from the tokens before.
///
/// The logits are those of a session that reads the prompt alone, bit for bit: the cache goes back
/// to the longest common prefix it can go back to ([Session#rewindable]), or a new session is
/// opened where the method changes, or computes prompts of this length differently.
public final class PrefixReuse implements AutoCloseable {
  private final Model model;
  private final CacheType cacheType;
  private final int block;
  private @Nullable Session session;
  private @Nullable Method method;
  private int[] fed = new int[0]; // as many as the session's position, then room

  /// Makes a reader that has read nothing.
  ///
  /// @param model the model; it must stay open
  /// @param cacheType what keys and values are stored as
  /// @param block tokens computed together
  public PrefixReuse(Model model, CacheType cacheType, int block) {
    this.model = model;
    this.cacheType = cacheType;
    this.block = block;
  }

  /// Reads a prompt.
  ///
  /// @param wanted the context method
  /// @param prompt token ids, at least one
  /// @param shared how many of its first tokens later prompts begin with; going back there stays
  ///   possible
  /// @param sink who reads logits; those of the last token are always computed if it wants them
  /// @param progress told the position reached after each block
  /// @return how many of the prompt's tokens did not have to be computed again
  /// @throws IllegalArgumentException if the prompt is empty, or `shared` not within it
  public int read(Method wanted, int[] prompt, int shared, LogitsSink sink, IntConsumer progress) {
    if (prompt.length == 0 || shared < 0 || shared > prompt.length) {
      throw new IllegalArgumentException(
          "a prompt of " + prompt.length + " tokens can't share " + shared + " with the next");
    }
    Session open = sessionFor(wanted, prompt.length);
    int reused = open.rewindable(commonPrefix(open.position(), prompt));
    open.rewind(reused);
    if (reused < shared) {
      feed(open, Arrays.copyOfRange(prompt, reused, shared), block, sink, progress);
    }
    open.hold(open.rewindable(Math.min(shared, open.position())));
    if (open.position() < prompt.length) {
      int[] rest = Arrays.copyOfRange(prompt, open.position(), prompt.length);
      feed(open, rest, block, sink, progress);
    }
    return reused;
  }

  /// Feeds a token after the prompt, on the path of decode.
  ///
  /// @param token its id
  /// @param sink who reads its logits
  /// @throws IllegalStateException if no prompt was read
  public void write(int token, LogitsSink sink) {
    Session open = session;
    if (open == null) {
      throw new IllegalStateException("no prompt has been read yet; read one before writing on");
    }
    feed(open, new int[] {token}, 1, sink, _ -> {});
  }

  /// Forgets the last tokens, so that a prompt that repeats them has them, and their logits,
  /// computed again.
  ///
  /// @param position how many tokens to remember at most
  public void takeBack(int position) {
    Session open = session;
    if (open != null && position < open.position()) {
      open.rewind(open.rewindable(position));
    }
  }

  /// Returns how many tokens have been read and written.
  ///
  /// @return the position of the next token
  public int position() {
    Session open = session;
    return open == null ? 0 : open.position();
  }

  private void feed(Session open, int[] tokens, int size, LogitsSink sink, IntConsumer progress) {
    int at = open.position();
    if (at + tokens.length > fed.length) {
      fed = Arrays.copyOf(fed, Math.max(at + tokens.length, 2 * fed.length));
    }
    System.arraycopy(tokens, 0, fed, at, tokens.length);
    open.feed(tokens, size, sink, progress);
  }

  private Session sessionFor(Method wanted, int promptLength) {
    Session open = session;
    if (open != null && wanted.equals(method) && open.servesPromptOf(promptLength)) {
      return open;
    }
    close();
    Session fresh =
        Session.open(model.decoder(), new SessionOptions(wanted, promptLength, cacheType));
    session = fresh;
    method = wanted;
    return fresh;
  }

  /// The last token is never reused: its logits are wanted again.
  private int commonPrefix(int length, int[] prompt) {
    int limit = Math.min(length, prompt.length - 1);
    int mismatch = Arrays.mismatch(fed, 0, limit, prompt, 0, limit);
    return mismatch < 0 ? limit : mismatch;
  }

  @Override
  public void close() {
    Session open = session;
    session = null;
    if (open != null) {
      open.close();
    }
  }
}
