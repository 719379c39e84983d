package dev.farspan.cli.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HubNameTest {
  @Test
  void aNameHasAnOrganisationARepositoryAndMaybeAFile() {
    assertThat(HubName.parse("org/repo-1.5")).isEqualTo(new HubName("org/repo-1.5", ""));
    assertThat(HubName.parse("org/repo:dir/f.Q4_K.gguf"))
        .isEqualTo(new HubName("org/repo", "dir/f.Q4_K.gguf"));
  }

  /// What would leave the store, or the address of the hub, is no name.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "repo",
        "a/b/c",
        "org/repo:",
        "org/repo:x.bin",
        "../repo",
        "org/..",
        "org/r:../x.gguf",
        "org/r:/x.gguf",
        "org/r?x",
        "https://hub/org/repo"
      })
  void anythingElseIsRefused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> HubName.parse(text))
        .withMessage("'" + text + "' is no model on the hub: write org/repo or org/repo:file.gguf");
  }
}
