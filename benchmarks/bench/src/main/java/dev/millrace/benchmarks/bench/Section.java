package dev.millrace.benchmarks.bench;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a run has to say in a part of the page.
 *
 * @param chapter which part
 * @param text in Markdown, below its heading
 * @param plots that it shows, by the names of their files
 * @param programs whose versions are of interest
 */
record Section(Chapter chapter, String text, Map<String, List<Plot>> plots, Set<Program> programs) {}
