package dev.millrace.pipeline;

import java.io.Console;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the process can know of the terminal that it writes to. */
final class Terminal {

    private static final int USUAL_WIDTH = 80;
    private static final Pattern ROWS_AND_COLUMNS = Pattern.compile("\\d+ ([1-9]\\d{0,4})\\s*");

    private Terminal() {}

    /** How many columns the terminal behind a stream has; empty where the stream goes elsewhere. */
    @SuppressWarnings("ReferenceEquality") // the stream of the process itself is meant
    static OptionalInt width(PrintStream out) {
        if ((out != System.out && out != System.err) || !isTerminal(System.console())) {
            return OptionalInt.empty();
        }
        return OptionalInt.of(told().or(Terminal::asked).orElse(USUAL_WIDTH));
    }

    /** Up to Java 21 there is a console only if there is a terminal; since then one has to ask. */
    private static boolean isTerminal(@Nullable Console console) {
        if (console == null) {
            return false;
        }
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException olderJava) {
            return true;
        }
    }

    private static Optional<Integer> told() {
        String columns = System.getenv("COLUMNS");
        return columns != null && columns.matches("[1-9]\\d{0,4}")
                ? Optional.of(Integer.valueOf(columns))
                : Optional.empty();
    }

    private static Optional<Integer> asked() {
        Process stty = null;
        try {
            stty = new ProcessBuilder("stty", "size")
                    .redirectInput(new File("/dev/tty"))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!stty.waitFor(1, TimeUnit.SECONDS)) {
                return Optional.empty();
            }
            String answer = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            Matcher size = ROWS_AND_COLUMNS.matcher(answer);
            return size.matches() ? Optional.of(Integer.valueOf(size.group(1))) : Optional.empty();
        } catch (IOException notThere) {
            return Optional.empty();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } finally {
            if (stty != null) {
                stty.destroyForcibly();
            }
        }
    }
}
