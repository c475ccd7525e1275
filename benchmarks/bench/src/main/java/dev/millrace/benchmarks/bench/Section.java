package dev.millrace.benchmarks.bench;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A part of the page.
 *
 * @param heading by which a later run finds it
 * @param text in Markdown, below its heading
 * @param plots that it shows, by the names of their files
 * @param programs whose versions are of interest
 */
record Section(String heading, String text, Map<String, List<Plot>> plots, Set<Program> programs) {}
