package dev.millrace.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** What a user sees who gets it wrong: one line, and an exit code that is not zero. */
class UsageTest {

    private final StringWriter errors = new StringWriter();
    private final CommandLine commandLine = Examples.commandLine().setErr(new PrintWriter(errors, true));

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "movie-ratings; --records 0; --records must be positive, got 0",
                "movie-ratings; --catalogue no-such.csv; no-such.csv",
                "movie-ratings; --titles no-such.csv; there is no readable file 'no-such.csv'",
                "movie-ratings; --rate 0; must be positive",
                "movie-ratings; --kafka localhost:1 --cassandra localhost:1; localhost:1",
                "movie-ratings; --kafka nowhere --cassandra localhost:1; nowhere",
                "logins; --logins 0; --logins must be positive, got 0",
                "logins; --rate 0; must be positive",
                "user-activity; --chunk 0; --chunk must be positive, got 0",
                "user-activity; --file no-such.json; there is no readable file 'no-such.json'",
                "user-activity; --file pom.xml; pom.xml",
                "user-activity; --kafka nowhere; nowhere",
                "imdb; --rate 0; --rate must be positive, got 0",
                "imdb; --limit 0; --limit must be positive, got 0",
                "imdb; --prior-votes 0; --prior-votes must be positive, got 0",
                "imdb; --snapshot-every 0s; --snapshot-every must be positive, got 0",
                "imdb; --basics pom.xml; --basics and --ratings must be given together",
                "imdb; --basics no-such.tsv --ratings pom.xml; there is no readable file 'no-such.tsv'",
                "imdb; --kafka nowhere; nowhere",
                "service; --rate=-1; --rate must be 0 to 1000000, got -1.0",
                "service; --port 70000; 70000",
                "service; --kafka nowhere; nowhere",
                "weather; --rounds 0; --rounds must be positive, got 0",
                "weather; --every 0s; --every must be positive, got 0",
                "weather; --base-url http://localhost/?appid=hunter2; --base-url must be http or https with a host",
                "weather; --base-url ftp://user:hunter2@localhost; --base-url must be http or https with a host",
            })
    void shouldTellInOneLineWhatIsWrong(String example, String arguments, String expected) {
        int exitCode = commandLine.execute((example + " " + arguments).split(" ", -1));

        assertThat(exitCode).isEqualTo(1);
        assertThat(errors.toString().lines())
                .singleElement()
                .asString()
                .startsWith(example + ": ")
                .contains(expected)
                .doesNotContain("hunter2");
    }

    @ParameterizedTest
    @CsvSource({"--no-such-option", "--rate=fast", "--pause=5..x", "--seed=x"})
    void shouldRefuseOptionsThatItDoesNotUnderstand(String option) {
        int exitCode = commandLine.execute("movie-ratings", option);

        assertThat(exitCode).isEqualTo(2);
        assertThat(errors.toString()).contains(option.substring(0, 5)).doesNotContain("\tat ");
    }

    @Test
    void shouldListTheExamples() {
        StringWriter out = new StringWriter();
        commandLine.usage(new PrintWriter(out, true));

        assertThat(out.toString())
                .contains(
                        "movie-ratings",
                        "rating-generator",
                        "ratings-console",
                        "user-activity",
                        "logins",
                        "weather",
                        "imdb",
                        "service");
    }
}
