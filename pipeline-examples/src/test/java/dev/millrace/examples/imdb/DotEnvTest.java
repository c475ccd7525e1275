package dev.millrace.examples.imdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Where settings come from. */
class DotEnvTest {

    @TempDir
    Path directory;

    private final ImdbSettings settings = new ImdbSettings();

    private void parse(Object command, String... arguments) {
        new CommandLine(command).setDefaultValueProvider(new DotEnv(directory)).parseArgs(arguments);
    }

    @Test
    void shouldTakeSettingsFromTheFileUnlessThereIsAnOption() throws Exception {
        Files.writeString(
                directory.resolve(".env"),
                "# as the original has it\nMSGS_PER_SEC=10\nPRODUCER_LIMIT=300\nGLOBAL_MEAN_RATING=6.25\n");

        parse(settings, "--limit", "7");

        assertThat(settings.rate).isEqualTo(10);
        assertThat(settings.limit).isEqualTo(7);
        assertThat(settings.prior()).isEqualTo(new Prior(3_000, 6.25));
    }

    @Test
    void shouldTakeWhatIsInTheEnvironmentBeforeTheFile() throws Exception {
        final class Search {
            @Option(names = "--path", descriptionKey = "PATH")
            String path = "";
        }
        Files.writeString(directory.resolve(".env"), "PATH=nowhere\n");
        Search search = new Search();

        parse(search);

        assertThat(search.path).isEqualTo(System.getenv("PATH"));
    }

    @Test
    void shouldNeedNoFileAndNotQuoteWhatIsWrongInIt() throws Exception {
        parse(settings);
        assertThat(settings.prior()).isEqualTo(new Prior(3_000, 6.5));

        Files.writeString(directory.resolve(".env"), "hunter2\n");
        assertThatThrownBy(() -> parse(settings))
                .hasMessageEndingWith(".env has a line that is not NAME=VALUE")
                .hasMessageNotContaining("hunter2");
    }
}
