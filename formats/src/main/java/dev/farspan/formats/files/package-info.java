/// Reading files nobody vouches for, and writing files that are whole or not there.
///
/// Not exported. [dev.farspan.formats.files.MappedFile] reads, [dev.farspan.formats.files.NewFile]
/// writes, [dev.farspan.formats.files.StrictJson] parses, [dev.farspan.formats.files.Names] words
/// errors.
package dev.farspan.formats.files;
