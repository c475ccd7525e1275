package dev.millrace.files;

import static dev.millrace.files.TestContext.CONTEXT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.runtime.PipelineFailedException;
import dev.millrace.pipeline.runtime.PipelineListener;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.pipeline.spi.SourceReader;
import java.io.ByteArrayInputStream;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GlobTest {

    @TempDir
    Path directory;

    record City(String name, int people) {}

    @BeforeEach
    void writeFiles() throws Exception {
        write("b.csv", "people,name\n2,Rome\n");
        write("a.csv", "name,people\nOslo,1\nBern\n");
        write(".hidden.csv", "name,people\nNowhere,0\n");
        write("notes.txt", "no rows\n");
        write("old/z.csv", "name,people\nKyiv,3\n");
    }

    private void write(String name, String content) throws Exception {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    @Test
    void shouldReadTheFilesInOrderOfTheirNamesWhenTheyMatch() throws Exception {
        Reading<City> reading = Reading.of(Csv.source(directory, City.class).glob("*.csv"));

        assertThat(reading.values()).containsExactly(new City("Oslo", 1), new City("Rome", 2));
        assertThat(reading.reasons()).containsExactly("a.csv line 3: has 1 columns, must have 2");
    }

    @Test
    void shouldMakeEachFileAPartitionWhenSeveralAreRead() throws Exception {
        assertThat(Outcome.of(Csv.source(directory, City.class).glob("**.csv").unwrapped())
                        .raw())
                .extracting(record -> record.position().toString())
                .containsExactly("a.csv@0", "a.csv@1", "b.csv@0", "old/z.csv@0");
    }

    @Test
    void shouldGiveBackTheFilesThatAreDoneAndNoOthers() throws Exception {
        List<String> given = new ArrayList<>();
        TestContext context = new TestContext(1) {
            @Override
            public Map<String, Long> revoked(Collection<String> partitions) {
                given.addAll(partitions);
                return Map.of();
            }
        };
        write("c.csv", "name,people\nRiga,3\n");
        try (SourceReader<CsvRow> reader = Csv.source(directory, City.class)
                .glob("*.csv")
                .unwrapped()
                .raw()
                .open(context)) {
            reader.poll(Duration.ZERO);
            reader.commit(Map.of("a.csv", 1L));
            reader.poll(Duration.ZERO);
            reader.poll(Duration.ZERO);
            reader.commit(Map.of("b.csv", 1L));
            reader.poll(Duration.ZERO);
            assertThat(given)
                    .as("a.csv has a row that is not done, and b.csv may have another one")
                    .isEmpty();
            reader.commit(Map.of("a.csv", 2L));
            reader.poll(Duration.ZERO);
            assertThat(given).containsExactlyInAnyOrder("a.csv", "b.csv");
            assertThat(reader.isExhausted()).isTrue();
        }
    }

    @Test
    void shouldBurdenTheEngineWithFewFilesAtOnceHoweverManyThereAre() throws Exception {
        for (int i = 0; i < 500; i++) {
            write("many/" + i + ".csv", "name,people\n" + i + ",1\n" + i + ",2\n");
        }
        AtomicInteger most = new AtomicInteger();
        List<City> read = new ArrayList<>();
        Pipeline pipeline = Pipeline.named("many")
                .from(Csv.source(directory.resolve("many"), City.class).glob("*.csv"))
                .to(Sinks.into(read));

        try (RunningPipeline running = PipelineRunner.create()
                .workers(1)
                .maxInFlight(10)
                .commitInterval(Duration.ofNanos(1))
                .listener(new PipelineListener() {
                    @Override
                    public void onPartitionsChange(RunningPipeline running, Set<String> partitions) {
                        most.accumulateAndGet(partitions.size(), Math::max);
                    }
                })
                .start(pipeline)) {
            running.awaitTermination();
        }

        assertThat(read.size()).isEqualTo(1_000);
        assertThat(most.get()).isPositive().isLessThan(50);
    }

    @Test
    void shouldDeliverTheFilesBeforeItWhenALaterOneCannotBeRead() throws Exception {
        write("c.csv", "name\nRiga\n");
        Reading<City> reading = new Reading<>(new ArrayList<>(), new ArrayList<>());

        assertThatThrownBy(() -> Reading.run(Csv.source(directory, City.class).glob("*.csv"), reading))
                .isInstanceOf(PipelineFailedException.class)
                .cause()
                .hasMessage("c.csv line 1: one column must be for component 'people' of City, none of the 1 is");
        assertThat(reading.values()).containsExactly(new City("Oslo", 1), new City("Rome", 2));
    }

    @Test
    void shouldSayInOneLineWhatIsWrongWhenThereIsNothingToRead() {
        Path missing = directory.resolve("missing");

        assertThatThrownBy(() -> Csv.source(directory, City.class).glob("*.tsv").open(CONTEXT))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessage(directory + "/*.tsv: no file matches");
        assertThatThrownBy(() -> Json.lines(missing).glob("*").open(CONTEXT))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessage(missing + ": there is no such directory");
        assertThatThrownBy(() -> Csv.stream("x.csv", () -> new ByteArrayInputStream(new byte[0]), City.class)
                        .glob("*.csv"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("a glob needs the path of a directory, got x.csv");
        assertThatThrownBy(() -> Csv.source(directory, City.class).glob(" ")).hasMessage("pattern must not be blank");
    }

    @Test
    void shouldPassOverLinksThatLeadBackAndHiddenDirectories() throws Exception {
        write(".hidden/x.csv", "name,people\nNowhere,0\n");
        try {
            Files.createSymbolicLink(directory.resolve("old/back"), directory);
            Files.createSymbolicLink(directory.resolve("nowhere.csv"), directory.resolve("missing"));
        } catch (FileSystemException | UnsupportedOperationException e) {
            assumeTrue(false, "no links on this system");
        }

        Reading<City> reading = Reading.of(Csv.source(directory, City.class).glob("**.csv"));

        assertThat(reading.values()).containsExactly(new City("Oslo", 1), new City("Rome", 2), new City("Kyiv", 3));
        Path file = directory.resolve("a.csv");
        assertThatThrownBy(() -> Csv.source(file, City.class).glob("*.csv").open(CONTEXT))
                .isInstanceOf(NotDirectoryException.class)
                .hasMessage(file + ": is no directory, in which a glob could find files");
    }

    @Test
    void shouldNameTheFilesOfEachRowWhenATableOfThemDoesNotLoad() throws Exception {
        write("c.csv", "name,people\nRome,4\n");
        CsvTable<String, City> table =
                CsvTable.of(Csv.source(directory, City.class).glob("*.csv")).keyedBy(City::name);

        assertThatThrownBy(() -> table.open(CONTEXT))
                .hasMessage(directory + "/*.csv: 1 of 4 rows were refused: a.csv line 3: has 1 columns, must have 2");
        assertThatThrownBy(() -> table.skipRefused().open(CONTEXT))
                .hasMessageEndingWith(": b.csv line 2 and c.csv line 2");
    }

    @Test
    void shouldUnpackByContentWhateverTheName() throws Exception {
        Path file = directory.resolve("values.jsonl");
        Random random = new Random(1);
        List<String> values = new ArrayList<>();
        for (int member = 0; member < 3; member++) {
            // Packed, some times as long as any buffer on the way.
            List<String> part = IntStream.range(0, 20_000)
                    .mapToObj(i -> "{\"a\":" + random.nextLong() + "}")
                    .toList();
            try (OutputStream out = new GZIPOutputStream(
                    Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND))) {
                out.write((String.join("\n", part) + "\n").getBytes(UTF_8));
            }
            values.addAll(part);
        }

        assertThat(Reading.of(Json.lines(file)).values().stream().map(JsonNode::toString))
                .containsExactlyElementsOf(values);
    }
}
