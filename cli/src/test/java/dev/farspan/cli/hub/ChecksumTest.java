package dev.farspan.cli.hub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.farspan.cli.hub.Checksum.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChecksumTest {
  @TempDir Path directory;

  @Test
  void theEntityTagTellsTheKind() {
    assertThat(Checksum.ofEntityTag("\"" + "a".repeat(64) + "\"").kind()).isEqualTo(Kind.SHA256);
    assertThat(Checksum.ofEntityTag("W/\"" + "0".repeat(40) + "\"").kind())
        .isEqualTo(Kind.GIT_BLOB);
    assertThat(Checksum.ofEntityTag("\"12-34\"").kind()).isEqualTo(Kind.NONE);
    assertThat(Checksum.ofEntityTag("").kind()).isEqualTo(Kind.NONE);
  }

  /// Expected: `printf 'hello\n' | sha256sum` and `printf 'hello\n' | git hash-object --stdin`.
  @Test
  void sumsAgreeWithTheTools() throws IOException {
    Path file = Files.writeString(directory.resolve("hello"), "hello\n");
    Checksum large = new Checksum(Kind.SHA256, "0".repeat(64));
    assertThat(large.of(file, _ -> {}).hex())
        .isEqualTo("5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03");
    Checksum small = new Checksum(Kind.GIT_BLOB, "0".repeat(40));
    assertThat(small.of(file, _ -> {}).hex()).isEqualTo("ce013625030ba8dba906f756967f9e9ca394464a");
  }

  @Test
  void theShortIdIsSafeInAFileName() {
    assertThat(Checksum.ofEntityTag("\"../x/y\"").shortId()).isEqualTo("xy");
    assertThat(Checksum.ofEntityTag("\"/\"").shortId()).isEqualTo("untagged");
  }
}
