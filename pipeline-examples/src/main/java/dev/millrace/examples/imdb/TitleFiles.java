package dev.millrace.examples.imdb;

import java.nio.file.Path;

/** IMDb's two files. */
record TitleFiles(Path basics, Path ratings) {}
