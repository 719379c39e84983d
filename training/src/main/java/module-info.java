/// Training and short fine-tuning on libtorch's automatic differentiation.
@org.jspecify.annotations.NullMarked
module dev.farspan.training {
  requires org.bytedeco.javacpp;
  requires transitive org.bytedeco.pytorch;
  requires static org.jspecify;
  requires tools.jackson.databind;
  requires dev.farspan.export;
  requires transitive dev.farspan.runtime;

  exports dev.farspan.training.data;
  exports dev.farspan.training.model;
  exports dev.farspan.training.parallel;
  exports dev.farspan.training.recipe;
  exports dev.farspan.training.run;
}
