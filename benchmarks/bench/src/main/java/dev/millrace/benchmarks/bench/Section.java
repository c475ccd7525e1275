package dev.millrace.benchmarks.bench;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A part of the page.
 *
 * @param text in Markdown, from its headings on
 * @param plots that it shows, by the names of their files
 * @param programs whose versions are of interest
 */
record Section(String text, Map<String, List<Plot>> plots, Set<Program> programs) {}
