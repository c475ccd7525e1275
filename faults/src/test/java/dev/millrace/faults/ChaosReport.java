package dev.millrace.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The measured table, written anew after each fault so that a run that is broken off leaves what it has. */
final class ChaosReport {

    private static final Path FILE = Path.of("target", "chaos.md");
    private static final List<Outcome> OUTCOMES = new ArrayList<>();

    private ChaosReport() {}

    static synchronized void add(Outcome outcome) throws IOException {
        OUTCOMES.add(outcome);
        System.out.println(outcome);
        StringBuilder table = new StringBuilder();
        table.append("| Fault | Injected | Records | Lost | Duplicates | Recovery p50 | Recovery p99 | Seed |\n");
        table.append("|---|--:|--:|--:|--:|--:|--:|--:|\n");
        for (Outcome row : OUTCOMES) {
            // A lost record has failed its test, so that no row is written.
            table.append("| %s | %d | %,d | 0 | %,d | %s | %s | %d |\n"
                    .formatted(
                            row.fault(),
                            row.injected(),
                            row.verdict().records(),
                            row.verdict().duplicates(),
                            row.recovery(50),
                            row.recovery(99),
                            row.seed()));
        }
        table.append("\nMachine: ").append(machine()).append('\n');
        Files.createDirectories(FILE.getParent());
        Files.writeString(FILE, table);
    }

    private static String machine() {
        return "%d processors, %s %s, Java %s"
                .formatted(
                        Runtime.getRuntime().availableProcessors(),
                        System.getProperty("os.name"),
                        System.getProperty("os.arch"),
                        Runtime.version());
    }
}
