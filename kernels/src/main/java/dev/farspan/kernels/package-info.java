/// The hot loops of the runtime behind one interface, [dev.farspan.kernels.Kernels], and the
/// threads that share them, [dev.farspan.kernels.Workers].
package dev.farspan.kernels;
