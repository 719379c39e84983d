package dev.farspan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class MainTest {
  /// Surefire falls back to the class path without a word when it cannot read a module; the rules
  /// of modules would then go untested.
  @Test
  void theTestsRunInsideTheNamedModule() {
    assertThat(Main.class.getModule().getName()).isEqualTo("dev.farspan.cli");
  }

  @Test
  void anUnknownOptionIsWrongUsage() {
    var err = new StringWriter();
    int exit = Main.commandLine().setErr(new PrintWriter(err)).execute("--no-such-option");
    assertThat(exit).isEqualTo(2);
    assertThat(err.toString()).contains("Unknown option: '--no-such-option'");
  }
}
