package dev.millrace.examples;

import dev.millrace.examples.activity.UserActivity;
import dev.millrace.examples.imdb.Imdb;
import dev.millrace.examples.logins.Logins;
import dev.millrace.examples.ratings.MovieRatings;
import dev.millrace.examples.ratings.RatingGenerator;
import dev.millrace.examples.ratings.RatingsConsole;
import dev.millrace.examples.ratings.RatingsToCassandra;
import dev.millrace.examples.service.Service;
import dev.millrace.examples.weather.Weather;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.logging.LogManager;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What {@code ./run} starts: names an example, or lists them all. */
@Command(
        name = "run",
        description = "Runs an example of Millrace. Each explains itself with --help.",
        subcommands = {
            MovieRatings.class,
            RatingGenerator.class,
            RatingsToCassandra.class,
            RatingsConsole.class,
            UserActivity.class,
            Logins.class,
            Weather.class,
            Imdb.class,
            Service.class
        },
        synopsisSubcommandLabel = "EXAMPLE",
        commandListHeading = "%nExamples:%n",
        mixinStandardHelpOptions = true)
public final class Examples implements Runnable {

    @Spec
    private @Nullable CommandSpec spec;

    /** Runs the example that the first argument names, and exits with its code. */
    public static void main(String[] args) throws IOException {
        try (InputStream logging = Examples.class.getResourceAsStream("logging.properties")) {
            LogManager.getLogManager().readConfiguration(logging);
        }
        int code = commandLine().execute(args);
        Interruption.afterTheLastWord(code);
        System.exit(code);
    }

    static CommandLine commandLine() {
        return new CommandLine(new Examples())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    command.getErr().println(command.getCommandName() + ": " + OneLine.of(failure));
                    return CommandLine.ExitCode.SOFTWARE;
                });
    }

    @Override
    public void run() {
        Objects.requireNonNull(spec, "set by picocli").commandLine().usage(System.out);
    }
}
