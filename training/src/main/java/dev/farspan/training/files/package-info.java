/// Files that are whole or not there. Not exported.
package dev.farspan.training.files;
