package dev.millrace.examples.imdb;

import dev.millrace.examples.ExampleException;
import io.github.cdimascio.dotenv.Dotenv;
import io.github.cdimascio.dotenv.DotenvException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;

/**
 * What an option is by default whose {@code descriptionKey} is the name of a variable: what that is in the environment,
 * or else in the file {@code .env} of the working directory, where there is one.
 */
final class DotEnv implements IDefaultValueProvider {

    private final Path directory;

    DotEnv() {
        this(Path.of(""));
    }

    DotEnv(Path directory) {
        this.directory = directory;
    }

    @Override
    public @Nullable String defaultValue(ArgSpec option) {
        String variable = option.descriptionKey();
        return variable == null || variable.isEmpty() ? null : variables().get(variable);
    }

    private Dotenv variables() {
        try {
            return Dotenv.configure()
                    .directory(directory.toAbsolutePath().toString())
                    .ignoreIfMissing()
                    .load();
        } catch (DotenvException malformed) {
            // Its message quotes the line, which may hold a secret.
            throw new ExampleException(directory.resolve(".env") + " has a line that is not NAME=VALUE");
        }
    }
}
