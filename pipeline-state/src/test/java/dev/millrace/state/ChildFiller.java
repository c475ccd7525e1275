package dev.millrace.state;

import static dev.millrace.state.States.load;
import static dev.millrace.state.States.save;
import static dev.millrace.state.States.state;

import dev.millrace.pipeline.spi.StateTable;
import dev.millrace.pipeline.spi.UnavailableException;
import java.nio.file.Path;

/** Saves until there is no more room, and says what it finds then. */
final class ChildFiller {

    private static final String STATE = "x".repeat(100_000);

    private ChildFiller() {}

    public static void main(String[] arguments) throws Exception {
        try (StateTable table = StateDirectory.at(Path.of(arguments[0])).open(new TestContext())) {
            int saved = 0;
            try {
                while (true) {
                    save(table, "p", state("key " + saved, saved, STATE));
                    saved++;
                }
            } catch (UnavailableException e) {
                System.out.println("unavailable: " + e.getMessage());
            }
            System.out.println("kept " + load(table, "p").size() + " of " + saved);
            save(table, "p", state("key 0", saved, "small"));
            System.out.println("key 0: " + load(table, "p").get("key 0").endsWith(" small"));
        }
    }
}
