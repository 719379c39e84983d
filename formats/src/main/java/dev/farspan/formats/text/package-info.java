/// Text files that are there whole or not at all, for every module that writes results.
package dev.farspan.formats.text;
