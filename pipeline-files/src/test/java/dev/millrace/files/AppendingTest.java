package dev.millrace.files;

import static dev.millrace.files.TestContext.CONTEXT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sources;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.pipeline.spi.RefusedRecordException;
import dev.millrace.pipeline.spi.Sink;
import dev.millrace.pipeline.spi.SinkWriter;
import dev.millrace.pipeline.spi.UnavailableException;
import dev.millrace.pipeline.spi.WriteResult;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AppendingTest {

    @TempDir
    Path directory;

    record Wind(@Nullable String city, double speed) {}

    record Only(@Nullable String name) {}

    record Moment(Instant at, Wind wind) {}

    private static final Wind CHICAGO = new Wind("Chicago", 3.1);
    private static final Wind MIAMI = new Wind("Miami, FL", 0);

    private Path file;

    @BeforeEach
    void nameFile() {
        file = directory.resolve("wind.csv");
    }

    private Sink<Wind> csv() {
        return Csv.appending(file, Wind.class);
    }

    @Test
    void shouldAddARowForEachRecordWhenAPipelineRuns() throws Exception {
        List<Wind> winds = IntStream.range(0, 5_000)
                .mapToObj(i -> new Wind("city " + i, i))
                .toList();
        Pipeline pipeline = Pipeline.named("backup").from(Sources.of(winds)).to(csv());

        try (RunningPipeline running = PipelineRunner.create().start(pipeline)) {
            running.awaitTermination();
        }

        assertThat(Reading.of(Csv.source(file, Wind.class)).values()).isEqualTo(winds);
        assertThat(pipeline.describe()).contains("CSV file " + file);
    }

    @Test
    void shouldWriteTheHeaderOnceWhenTheFileIsOpenedAgain() throws Exception {
        Writing.write(csv(), CHICAGO);
        Writing.write(csv(), MIAMI, new Wind("", -1e300), new Wind(null, 1), new Wind("a\"b\nc", 2));

        assertThat(file)
                .hasContent("city,speed\nChicago,3.1\n\"Miami, FL\",0.0\n\"\",-1.0E300\n,1.0\n\"a\"\"b\nc\",2.0\n");
    }

    @Test
    void shouldHaveItInTheFileWhenABatchIsAcknowledged() throws Exception {
        try (SinkWriter<Wind> writer = csv().open(CONTEXT)) {
            Writing.batch(writer, List.of(CHICAGO));
            assertThat(file).hasContent("city,speed\nChicago,3.1\n");
            Writing.batch(writer, List.of());
            Writing.batch(writer, List.of(CHICAGO));
            assertThat(file).hasContent("city,speed\nChicago,3.1\nChicago,3.1\n");
        }
    }

    @Test
    void shouldRefuseJustTheRecordWhenItCannotBeReadBack() throws Exception {
        WriteResult result = Writing.write(
                csv(),
                new Wind("secret", Double.NaN),
                CHICAGO,
                new Wind("secret\uD83D", 1),
                new Wind("secret" + "x".repeat(1 << 20), 1));

        assertThat(file).hasContent("city,speed\nChicago,3.1\n");
        assertThat(result.failures().values())
                .hasSize(3)
                .allSatisfy(failure -> assertThat(failure)
                        .isInstanceOf(RefusedRecordException.class)
                        .hasMessageNotContaining("secret"));
        assertThat(result.failures().get(0)).hasMessage("column 'speed' must hold what can be read back");
        assertThat(result.failures().get(2)).hasMessage("a text must be Unicode, half of a surrogate pair is not");
        assertThat(result.failures().get(3))
                .hasMessage("a row must not be longer than 1048576 characters, got 1048586");
        assertThat(Writing.write(Csv.appending(directory.resolve("only.csv"), Only.class), new Only(null))
                        .failures()
                        .get(0))
                .hasMessage("column 'name' must not be null: it is the only one, and a blank line no row");
    }

    @Test
    void shouldCutOffJustTheTornRowWhereverAWriteStopped() throws Exception {
        Writing.write(csv(), CHICAGO, new Wind("two\r\nlines, \"quoted\"", 2), MIAMI);
        byte[] whole = Files.readAllBytes(file);
        List<Wind> all = Reading.of(Csv.source(file, Wind.class)).values();
        for (int length = 0; length <= whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));

            Writing.write(csv(), new Wind("next", 9));

            List<Wind> rows = Reading.of(Csv.source(file, Wind.class)).values();
            int kept = rows.size() - 1;
            assertThat(rows.get(kept)).as("cut at %d", length).isEqualTo(new Wind("next", 9));
            assertThat(rows.subList(0, kept)).as("cut at %d", length).isEqualTo(all.subList(0, kept));
            byte[] cut = Arrays.copyOf(whole, length);
            long rowsThatEnded =
                    all.stream().filter(row -> endOf(row, whole) <= cut.length).count();
            assertThat(kept).as("cut at %d", length).isEqualTo((int) rowsThatEnded);
        }
    }

    private static int endOf(Wind row, byte[] whole) {
        String line = new String(new CsvLineFormat<>(Wind.class).line(row), UTF_8);
        return new String(whole, UTF_8).indexOf(line) + line.length();
    }

    @Test
    void shouldNotOpenAndLeaveTheFileAloneWhenItIsNotOneOfTheseRows() throws Exception {
        assertNotOpened("city,gust\nOslo,1\nBer", "wind.csv line 1: column 2 must be 'speed' for rows to be added");
        assertNotOpened("speed,city\n", "wind.csv line 1: column 1 must be 'city' for rows to be added");
        assertNotOpened("city,speed,more\n", "wind.csv line 1: rows of 2 columns cannot be added to 3 columns");
        assertNotOpened(
                "city,speed\n\"Oslo,1\n" + "Bern,2\n".repeat(500_000),
                "wind.csv line 2: a quote opens here and is not closed within 1048576 characters");
        assertNotOpened(
                "city,speed\n" + "x".repeat(4 << 20), "what follows byte 11 is no torn line, it has 4194304 bytes");
        assertNotOpened("city,speed,more", "wind.csv line 1: rows of 2 columns cannot be added to 3 columns");
        assertNotOpened("db.example.org", "wind.csv line 1: rows of 2 columns cannot be added to 1 columns");
        assertNotOpened("City,Speed", "wind.csv line 1: has no line end, and is left alone");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write("city,speed\n".getBytes(UTF_8));
        }
        assertThatThrownBy(() -> csv().open(CONTEXT))
                .hasMessage(file + ": is packed by gzip, nothing can be appended to it");
    }

    private void assertNotOpened(String content, String problem) throws Exception {
        Files.writeString(file, content);
        assertThatThrownBy(() -> csv().open(CONTEXT))
                .isInstanceOf(IOException.class)
                .hasMessage(file + ": " + problem);
        assertThat(Files.readString(file)).isEqualTo(content);
    }

    @Test
    void shouldTakeAHeaderThatDiffersInCaseAndHyphensWhenItMeansTheSame() throws Exception {
        Files.writeString(file, "\uFEFFCity,SPEED\r\n");

        Writing.write(csv(), CHICAGO);

        assertThat(Reading.of(Csv.source(file, Wind.class)).values()).containsExactly(CHICAGO);
    }

    @Test
    void shouldBeginANewFileWhenItIsMovedAwayOrDeleted() throws Exception {
        Path rotated = directory.resolve("wind.csv.1");
        try (SinkWriter<Wind> writer = csv().open(CONTEXT)) {
            Writing.batch(writer, List.of(CHICAGO));
            Files.move(file, rotated);
            Writing.batch(writer, List.of(MIAMI));
            assertThat(file).hasContent("city,speed\n\"Miami, FL\",0.0\n");
            Files.delete(file);
            Writing.batch(writer, List.of(CHICAGO));
        }

        assertThat(rotated).hasContent("city,speed\nChicago,3.1\n");
        assertThat(file).hasContent("city,speed\nChicago,3.1\n");
    }

    @Test
    void shouldAddToWhatAnotherHasAddedWhenTheFileHasGrown() throws Exception {
        try (SinkWriter<Wind> writer = csv().open(CONTEXT)) {
            Writing.batch(writer, List.of(CHICAGO));
            Files.writeString(file, "Bern,1\nOs", StandardOpenOption.APPEND);
            Writing.batch(writer, List.of(MIAMI));
        }

        assertThat(file).hasContent("city,speed\nChicago,3.1\nBern,1\n\"Miami, FL\",0.0\n");
    }

    @Test
    void shouldNotOpenTwiceWhenAnotherSinkIsWriting() throws Exception {
        try (SinkWriter<Wind> writer = csv().open(CONTEXT)) {
            assertThatThrownBy(() -> csv().open(CONTEXT)).hasMessage(file + ": is being written by someone else");
            Writing.batch(writer, List.of(CHICAGO));
        }
        Writing.write(csv(), MIAMI);

        assertThat(Reading.of(Csv.source(file, Wind.class)).values()).containsExactly(CHICAGO, MIAMI);
    }

    @Test
    void shouldNotStartAndNameThePathWhenItCannotBeWritten() throws Exception {
        Path missing = directory.resolve("missing/wind.csv");

        assertThatThrownBy(() -> Csv.appending(missing, Wind.class).open(CONTEXT))
                .isInstanceOf(IOException.class)
                .hasMessage(missing + ": its directory does not exist");
        assertThatThrownBy(() -> Csv.appending(directory, Wind.class).open(CONTEXT))
                .hasMessage(directory + ": is a directory, not a file");
        Path device = Path.of("/dev/null");
        assumeTrue(Files.exists(device), "there is no " + device);
        assertThatThrownBy(() -> Csv.appending(device, Wind.class).open(CONTEXT))
                .hasMessage(device + ": is no regular file");
    }

    @Test
    void shouldWaitAndNameThePathWhenTheDirectoryGoesAwayAndComesBack() throws Exception {
        Path parent = Files.createDirectory(directory.resolve("parent"));
        Path there = parent.resolve("wind.csv");
        try (SinkWriter<Wind> writer = Csv.appending(there, Wind.class).open(CONTEXT)) {
            Files.delete(there);
            Files.delete(parent);

            assertThatThrownBy(() -> Writing.batch(writer, List.of(CHICAGO)))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessage(there + ": its directory does not exist");

            Files.createDirectory(parent);
            Writing.batch(writer, List.of(CHICAGO));
            assertThat(there).hasContent("city,speed\nChicago,3.1\n");
        }
    }

    @Test
    void shouldNotStartWhenTheRightToWriteIsMissing() throws Exception {
        Files.writeString(file, "city,speed\n");
        assumeTrue(file.toFile().setWritable(false), "no rights on this system");
        assumeTrue(!Files.isWritable(file), "whoever runs this test may write everything");

        assertThatThrownBy(() -> csv().open(CONTEXT)).hasMessage(file + ": may not be written");
    }

    @Test
    void shouldAddLinesOfJsonWhenAsked() throws Exception {
        Path json = directory.resolve("moments.jsonl");
        List<Moment> moments = List.of(
                new Moment(Instant.parse("2025-03-25T09:53:42.472256Z"), new Wind("two\nlines", 1)),
                new Moment(Instant.EPOCH, CHICAGO));
        Files.writeString(json, "{\"at\":\"2025-01-01T00:00:00Z\",\"wind\":null}\n{\"at\":\"2025-");

        Writing.writeAll(Json.appending(json, Moment.class), moments);

        List<Moment> read =
                new ArrayList<>(Reading.of(Json.lines(json, Moment.class)).values());
        assertThat(read.remove(0).wind()).isNull();
        assertThat(read).isEqualTo(moments);
        assertThat(Files.readString(json))
                .endsWith("{\"at\":\"1970-01-01T00:00:00Z\",\"wind\":{\"city\":\"Chicago\",\"speed\":3.1}}\n");
    }

    @Test
    void shouldNotOpenAndLeaveTheFileAloneWhenItHoldsNoLinesOfJson() throws Exception {
        for (String content : List.of("no json", "name,people\nOslo,1\n", "{\n  \"a\": 1\n}\n", "[1] [2]\n")) {
            Files.writeString(file, content);
            assertThatThrownBy(() -> Json.appending(file, JsonNode.class).open(CONTEXT))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith(file + ": ");
            assertThat(Files.readString(file)).isEqualTo(content);
        }
        Files.writeString(file, "{\"a\":1}\n{\"a\"");
        Writing.write(Json.appending(file, Wind.class), CHICAGO);
        assertThat(file).hasContent("{\"a\":1}\n{\"city\":\"Chicago\",\"speed\":3.1}\n");
    }

    @Test
    void shouldRefuseWhatTheSourceWouldRefuse() throws Exception {
        Path json = directory.resolve("trees.jsonl");
        JsonNode deep = JsonNodeFactory.instance.arrayNode();
        for (int i = 0; i < 100; i++) {
            deep = JsonNodeFactory.instance.arrayNode().add(deep);
        }

        WriteResult result = Writing.write(
                Json.appending(json, JsonNode.class),
                JsonNodeFactory.instance.nullNode(),
                JsonNodeFactory.instance.textNode("x".repeat((1 << 20) + 1)),
                deep,
                JsonNodeFactory.instance.textNode("good"));

        assertThat(Reading.of(Json.lines(json)).reasons()).isEmpty();
        assertThat(Files.readString(json)).isEqualTo("\"good\"\n");
        assertThat(result.failures()).containsOnlyKeys(0, 1, 2);
        assertThat(result.failures().get(0)).hasMessage("a JsonNode must not be null");
        assertThat(result.failures().get(1))
                .hasMessageStartingWith("a JsonNode could not be read back: $ is beyond a limit: ");
    }

    @Test
    void shouldAddTreesWhenTheTypeIsThatOfATree() throws Exception {
        Path json = directory.resolve("trees.jsonl");
        JsonNode tree = JsonNodeFactory.instance.objectNode().put("a", "\u00e4\n");

        Writing.write(Json.appending(json, JsonNode.class), tree);

        assertThat(Reading.of(Json.lines(json)).values()).containsExactly(tree);
        assertThat(Json.appending(json, JsonNode.class).describe()).isEqualTo("JSON file " + json);
    }
}
