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
                "--records 0; --records must be positive, got 0",
                "--catalogue no-such.csv; no-such.csv",
                "--titles no-such.csv; there is no readable file 'no-such.csv'",
                "--rate 0; must be positive",
                "--kafka localhost:1 --cassandra localhost:1; localhost:1",
                "--kafka nowhere --cassandra localhost:1; nowhere",
            })
    void shouldTellInOneLineWhatIsWrong(String arguments, String expected) {
        int exitCode = commandLine.execute(("movie-ratings " + arguments).split(" ", -1));

        assertThat(exitCode).isEqualTo(1);
        assertThat(errors.toString().lines())
                .singleElement()
                .asString()
                .startsWith("movie-ratings: ")
                .contains(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {"--logins 0; --logins must be positive, got 0", "--rate 0; must be positive"})
    void shouldTellInOneLineWhatIsWrongWithLogins(String arguments, String expected) {
        int exitCode = commandLine.execute(("logins " + arguments).split(" ", -1));

        assertThat(exitCode).isEqualTo(1);
        assertThat(errors.toString().lines())
                .singleElement()
                .asString()
                .startsWith("logins: ")
                .contains(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "--chunk 0; --chunk must be positive, got 0",
                "--file no-such.json; there is no readable file 'no-such.json'",
                "--file pom.xml; pom.xml",
                "--kafka nowhere; nowhere",
            })
    void shouldTellInOneLineWhatIsWrongWithUserActivity(String arguments, String expected) {
        int exitCode = commandLine.execute(("user-activity " + arguments).split(" ", -1));

        assertThat(exitCode).isEqualTo(1);
        assertThat(errors.toString().lines())
                .singleElement()
                .asString()
                .startsWith("user-activity: ")
                .contains(expected);
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
                .contains("movie-ratings", "rating-generator", "ratings-console", "user-activity", "logins");
    }
}
