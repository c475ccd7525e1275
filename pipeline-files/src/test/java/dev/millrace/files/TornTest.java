package dev.millrace.files;

import static dev.millrace.files.TestContext.CONTEXT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a sink that appends does to a file that is there: nothing is ever lost of it. */
class TornTest {

    @TempDir
    Path directory;

    record Wind(String city, double speed) {}

    private static final Wind NEXT = new Wind("next", 9);

    private Path file;
    private Path aside;

    @BeforeEach
    void nameFiles() {
        file = directory.resolve("wind.csv");
        aside = directory.resolve("wind.csv.torn-1");
    }

    private void append(String content) throws Exception {
        Files.writeString(file, content);
        Writing.write(Csv.appending(file, Wind.class), NEXT);
    }

    private void appendJson(String content) throws Exception {
        Files.writeString(file, content);
        Writing.write(Json.appending(file, JsonNode.class), IntNode.valueOf(9));
    }

    @Test
    void shouldKeepEachRowThatTheSourceReadsWhenAQuoteIsPartOfAValue() throws Exception {
        String content = "city,speed\n5\" pipe,2\n" + "Bern,1\n".repeat(1_001);

        append(content);

        assertThat(Files.readString(file)).isEqualTo(content + "next,9.0\n");
        assertThat(Reading.of(Csv.source(file, Wind.class)).values()).hasSize(1_003);
        assertThat(aside).doesNotExist();
    }

    @Test
    void shouldKeepRowsThatTheSourceRefusesAndPassesOver() throws Exception {
        String content = "city,speed\r\n\"a\"b,1\r\nonly\r\n\r\nOslo,fast\r\n";

        append(content);

        assertThat(Files.readString(file)).isEqualTo(content + "next,9.0\n");
        assertThat(Reading.of(Csv.source(file, Wind.class)).values()).containsExactly(NEXT);
    }

    @Test
    void shouldSetAsideJustTheTornRowWhateverCameBefore() throws Exception {
        List<String> heads = List.of(
                "city,speed\n",
                "\uFEFFcity,speed\r\nOslo,1\r\n\r\n",
                "city,speed\r\"\u00d8\u00e5\r\n\uD83D\uDE00\",1\r",
                "city,speed\n5\" pipe,2\nx\n\n\n");
        List<String> tails = List.of("Ber", "Bern,1", "\"Bern\nRome", "\"Bern\n", "\"Bern\"\"\r\n,\"\"", "\"a\"b", " ");
        for (String head : heads) {
            for (String tail : tails) {
                append(head + tail);

                assertThat(Files.readString(file)).as(head + tail).isEqualTo(head + "next,9.0\n");
                assertThat(Files.readString(aside)).as(head + tail).isEqualTo(tail);
                Files.delete(aside);
            }
        }
    }

    @Test
    void shouldSayWhereItIsAndTakeAnotherNameWhenThatIsTaken() throws Exception {
        List<String> log = new ArrayList<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord entry) {
                log.add(entry.getLevel() + " " + entry.getMessage());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger logger = Logger.getLogger("dev.millrace.files");
        logger.addHandler(handler);
        try {
            Files.writeString(aside, "of before");
            append("city,speed\nOslo,1\nBer");
        } finally {
            logger.removeHandler(handler);
        }

        Path second = directory.resolve("wind.csv.torn-2");
        assertThat(aside).hasContent("of before");
        assertThat(second).hasContent("Ber");
        assertThat(log)
                .containsExactly("WARNING [test|files] " + file + ": a torn line of 3 bytes was moved to " + second);
    }

    @Test
    void shouldLetNoOneReadWhatIsSetAsideWhoMayNotReadTheFile() throws Exception {
        assumeTrue(FileSystems.getDefault().supportedFileAttributeViews().contains("posix"), "no such permissions");
        Files.writeString(file, "");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));

        append("city,speed\nBer");

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(aside)))
                .isEqualTo("rw-r-----");
    }

    @Test
    void shouldNotOpenAndLeaveTheFileAloneWhenASourceWouldNotComeToItsEnd() throws Exception {
        String content = "city,speed\n\"Oslo\nBern\"x,2\nRome,1\n";

        assertThatThrownBy(() -> append(content))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(
                        file + ": wind.csv line 2: a quote opens here and closes in the middle of line 3");

        assertThat(Files.readString(file)).isEqualTo(content);
        assertThat(aside).doesNotExist();
    }

    @Test
    void shouldGiveAWholeValueItsLineEndWhenItLacksNothingElse() throws Exception {
        appendJson("{\"a\":1}\n{\"a\":2}");
        assertThat(Files.readString(file)).isEqualTo("{\"a\":1}\n{\"a\":2}\n9\n");
        appendJson("\uFEFF[\"a\"]");
        assertThat(Files.readString(file)).isEqualTo("\uFEFF[\"a\"]\n9\n");
        assertThat(aside).doesNotExist();
    }

    @Test
    void shouldSetAsideAValueThatMayLackSomething() throws Exception {
        for (String tail : List.of("12", "{\"a\":2", "\"\u00e4", "{} {")) {
            appendJson("1\n" + tail);
            assertThat(Files.readString(file)).isEqualTo("1\n9\n");
            assertThat(Files.readString(aside)).isEqualTo(tail);
            Files.delete(aside);
        }
        appendJson("1\n".repeat(100_000) + "{\"x\":\"" + "y".repeat(200_000));
        assertThat(Files.readString(file)).isEqualTo("1\n".repeat(100_000) + "9\n");
        assertThat(Files.size(aside)).isEqualTo(200_006);
    }

    @Test
    void shouldRefuseANameThatSaysThatTheFileIsPacked() {
        assertThatThrownBy(() -> Csv.appending(directory.resolve("wind.csv.GZ"), Wind.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("file must not be named .gz, since what is appended is not packed, got "
                        + directory.resolve("wind.csv.GZ"));
        assertThatThrownBy(() -> Json.appending(directory.resolve("wind.jsonl.gz"), Wind.class)
                        .open(CONTEXT))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
