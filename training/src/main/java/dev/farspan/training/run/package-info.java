/// The training loop: steps, their schedule, the optimiser, and checkpoints from which an
/// interrupted run goes on exactly.
///
/// In: a model, a source of examples and a [TrainingPlan]. Out: the model's changed parameters, a
/// loss curve and a checkpoint. Start at [Trainer].
package dev.farspan.training.run;
