package dev.farspan.evaluation.files;

import dev.farspan.evaluation.LossCurve;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Curves as JSON: `{"methods": [{"method": SPEC, "mean": x, "bands": [{"from": 0, "to": 256,
/// "loss": nats, "tokens": 256}, ...]}]}`.
public final class CurveJson {
  private static final JsonMapper MAPPER = JsonMapper.shared();

  private CurveJson() {}

  /// Returns an object whose first field, `methods`, holds curves.
  ///
  /// @param curves the curves
  /// @return an object that may take more fields
  public static ObjectNode write(List<LossCurve> curves) {
    ObjectNode object = MAPPER.createObjectNode();
    var methods = object.putArray("methods");
    for (LossCurve curve : curves) {
      ObjectNode node = methods.addObject();
      node.put("method", curve.method()).put("mean", curve.mean());
      var bands = node.putArray("bands");
      for (LossCurve.Band band : curve.bands()) {
        bands
            .addObject()
            .put("from", band.from())
            .put("to", band.to())
            .put("loss", band.loss())
            .put("tokens", band.tokens());
      }
    }
    return object;
  }

  /// Returns the curves that [#write] wrote.
  ///
  /// @param object an object with the field `methods`
  /// @return the curves
  /// @throws JacksonException if a field is missing or of the wrong kind
  public static List<LossCurve> read(JsonNode object) {
    List<LossCurve> curves = new ArrayList<>();
    for (JsonNode node : object.required("methods")) {
      List<LossCurve.Band> bands = new ArrayList<>();
      for (JsonNode band : node.required("bands")) {
        bands.add(
            new LossCurve.Band(
                band.required("from").intValue(),
                band.required("to").intValue(),
                band.required("loss").doubleValue(),
                band.required("tokens").intValue()));
      }
      curves.add(
          new LossCurve(
              node.required("method").stringValue(), node.required("mean").doubleValue(), bands));
    }
    return curves;
  }

  /// Returns an object as text.
  ///
  /// @param object the object
  /// @return indented JSON that ends with a line break
  public static String text(ObjectNode object) {
    return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(object) + "\n";
  }

  /// Returns the object that a text spells.
  ///
  /// @param text JSON
  /// @return the object
  /// @throws JacksonException if it is none
  public static JsonNode parse(String text) {
    return MAPPER.readTree(text);
  }
}
