/// What a model needs before it runs: memory, time and training cost. Pure arithmetic; what it is
/// compared with is measured elsewhere.
@org.jspecify.annotations.NullMarked
module dev.farspan.planner {
  requires static org.jspecify;
  requires transitive dev.farspan.context;
  requires transitive dev.farspan.formats;

  exports dev.farspan.planner.advice;
  exports dev.farspan.planner.claims;
  exports dev.farspan.planner.memory;
  exports dev.farspan.planner.shape;
  exports dev.farspan.planner.time;
  exports dev.farspan.planner.training;
}
