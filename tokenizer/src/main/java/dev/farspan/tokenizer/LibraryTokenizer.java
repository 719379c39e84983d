package dev.farspan.tokenizer;

import java.util.OptionalInt;
import java.util.Set;

/// The one tokenizer: the native library encodes, the token table decodes.
final class LibraryTokenizer implements Tokenizer {
  private final NativeEncoder encoder;
  private final TokenTable table;
  private final SpecialTokens specials;

  LibraryTokenizer(NativeEncoder encoder, TokenTable table, SpecialTokens specials) {
    this.encoder = encoder;
    this.table = table;
    this.specials = specials;
  }

  @Override
  public int[] encode(String text, boolean addSpecial) {
    int[] ids = encoder.encode(text, false);
    return addSpecial ? specials.around(ids) : ids;
  }

  @Override
  public String decode(int... ids) {
    return table.decode(ids);
  }

  @Override
  public StreamDecoder stream() {
    return new StreamDecoder(table);
  }

  @Override
  public int vocabSize() {
    return table.size();
  }

  @Override
  public String tokenText(int id) {
    return table.text(id);
  }

  @Override
  public OptionalInt beginOfText() {
    return specials.bos() == SpecialTokens.NONE
        ? OptionalInt.empty()
        : OptionalInt.of(specials.bos());
  }

  @Override
  public boolean addsBeginOfText() {
    return specials.addsBos();
  }

  @Override
  public Set<Integer> endOfText() {
    return specials.ends();
  }

  @Override
  public void close() {
    encoder.close();
  }
}
