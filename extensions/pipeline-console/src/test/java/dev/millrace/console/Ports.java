package dev.millrace.console;

import java.io.UncheckedIOException;
import java.util.concurrent.ThreadLocalRandom;

/** Ports that a test wants to use again: below those that systems give away, so that nobody gets them meanwhile. */
final class Ports {

    private static final int FIRST = 20_000;
    private static final int END = 30_000;
    private static final int ATTEMPTS = 100;

    private Ports() {}

    static RunningConsole start(PipelineConsole console, Beat beat) {
        for (int attempt = 1; ; attempt++) {
            try {
                return console.port(ThreadLocalRandom.current().nextInt(FIRST, END))
                        .start(beat);
            } catch (UncheckedIOException taken) {
                if (attempt == ATTEMPTS) {
                    throw taken;
                }
            }
        }
    }
}
