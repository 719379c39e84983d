package dev.farspan.evaluation.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.farspan.evaluation.LossCurve;
import dev.farspan.evaluation.LossCurve.Band;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ComparisonReportTest {
  private static final RunFacts FACTS =
      new RunFacts(
          "SmolLM2-135M",
          8192,
          "KVM API <draft> & more",
          16384,
          "farspan compare --file \"kvm.txt\"",
          "2 threads, panama: 256-bit lanes");
  private static final int[] ENDS = {256, 1024, 4096, 6144, 8192, 10240, 12288, 14336, 16384};
  // Measured with transformers 5.23: loss by position of SmolLM2-135M on one document.
  private static final LossCurve NONE =
      curve("none", 2.615, 2.565, 1.9, 1.642, 1.576, 1.887, 2.66, 5.035, 6.743);
  private static final LossCurve YARN =
      curve("yarn:factor=2", 2.656, 2.58, 1.93, 1.673, 1.587, 1.913, 1.919, 1.938, 1.601);
  private static final LossCurve DYNAMIC =
      curve("dynamic-yarn", 2.615, 2.565, 1.9, 1.642, 1.576, 1.887, 1.882, 1.941, 1.589);
  private static final LossCurve LONG =
      curve(
          "yarn:factor=4+streaming:sinks=4,window=1020",
          2.717,
          2.6,
          1.99,
          1.745,
          1.66,
          1.976,
          2.027,
          2.04,
          1.701);

  @TempDir Path directory;

  private static LossCurve curve(String method, double... losses) {
    List<Band> bands = new ArrayList<>();
    double nats = 0;
    for (int b = 0; b < losses.length; b++) {
      int from = b == 0 ? 0 : ENDS[b - 1];
      int tokens = ENDS[b] - from - (b == losses.length - 1 ? 1 : 0);
      bands.add(new Band(from, ENDS[b], losses[b], tokens));
      nats += losses[b] * tokens;
    }
    return new LossCurve(method, nats / 16383, bands);
  }

  private static ComparisonReport report(LossCurve... curves) {
    return new ComparisonReport(FACTS, List.of(curves));
  }

  private static String golden(String name) {
    try (var in = ComparisonReportTest.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void theTableHasOneLineForEachBandAndARuleAtTheTrainedLength() {
    assertThat(report(NONE, YARN, DYNAMIC).text()).isEqualTo(golden("table.txt"));
  }

  @Test
  void methodsTooLongForAColumnGetALetter() {
    assertThat(report(NONE, YARN, DYNAMIC, LONG, LONG).text()).isEqualTo(golden("letters.txt"));
  }

  @Test
  void aSingleMethodIsNotCalledTheBest() {
    assertThat(report(NONE).text()).doesNotContain("*");
  }

  @Test
  void theJsonHasTheFieldsOthersReadAndThenTheFacts() {
    JsonNode json = JsonMapper.shared().readTree(report(NONE, YARN).json());
    assertThat(json.propertyNames())
        .containsExactly(
            "methods", "model", "trainedLength", "text", "tokens", "command", "machine");
    JsonNode first = json.get("methods").get(0);
    assertThat(first.propertyNames()).containsExactly("method", "mean", "bands");
    assertThat(first.get("method").stringValue()).isEqualTo("none");
    assertThat(first.get("mean").doubleValue()).isEqualTo(NONE.mean());
    JsonNode band = first.get("bands").get(1);
    assertThat(band.propertyNames()).containsExactly("from", "to", "loss", "tokens");
    assertThat(band.get("from").intValue()).isEqualTo(256);
    assertThat(band.get("to").intValue()).isEqualTo(1024);
    assertThat(band.get("loss").doubleValue()).isEqualTo(2.565);
  }

  @Test
  void theChartIsWellFormedAndNamesEveryMethodAndTheTrainedLength() throws Exception {
    Document chart = parse(report(NONE, YARN, DYNAMIC, LONG).svg());
    String text = chart.getDocumentElement().getTextContent().replaceAll("\\s", "");
    assertThat(text)
        .contains("none6.743", "yarn:factor=21.601", "dynamic-yarn1.589", "trainedlength8,192")
        .contains("yarn:factor=4+streaming:sinks=4,window=10201.701")
        .contains("KVMAPI<draft>&more");
    assertThat(chart.getElementsByTagName("path").getLength()).isEqualTo(8); // line and leader each
  }

  @Test
  void aChartWithinTheTrainedLengthHasNoMark() throws Exception {
    LossCurve near = new LossCurve("none", 2, List.of(new Band(0, 5, 2, 4)));
    assertThat(parse(report(near).svg()).getDocumentElement().getTextContent())
        .doesNotContain("trained length");
  }

  private static Document parse(String svg) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(svg)));
  }

  @Test
  void thePageStandsAloneAndCarriesTheFacts() {
    String page = report(NONE, YARN).html();
    assertThat(page)
        .contains("<svg", "KVM API &lt;draft&gt; &amp; more", "2 threads, panama")
        .contains("farspan compare --file &quot;kvm.txt&quot;")
        .doesNotContain("<script", "src=", "href=", "@import", "url(");
    assertThat(page).contains("<td class=\"best\">1.601</td>");
  }

  @Test
  void allFormsAreWritten() throws IOException {
    Path page = report(NONE, YARN).write(directory.resolve("out"));
    try (var files = Files.list(page.getParent())) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "comparison.html", "comparison.json", "comparison.svg", "comparison.txt");
    }
    assertThat(page).content().isEqualTo(report(NONE, YARN).html());
  }

  @Test
  void curvesThatCannotStandSideBySideAreRefused() {
    LossCurve other = new LossCurve("other", 1, List.of(new Band(0, 5, 1, 5)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> report(NONE, other))
        .withMessage("the bands of 'other' are not those of the other methods");
    assertThatIllegalArgumentException().isThrownBy(() -> report());
  }
}
