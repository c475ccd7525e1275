package dev.millrace.files;

import static dev.millrace.files.TestContext.CONTEXT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.pipeline.spi.LocalLookup;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReloadTest {

    private static final Duration SOON = Duration.ofMillis(2);
    private static final Logger LOGGER = Logger.getLogger("dev.millrace.files");

    @TempDir
    Path directory;

    record City(String name, int people) {}

    private final List<String> log = new CopyOnWriteArrayList<>();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord entry) {
            if (entry.getLevel().intValue() >= Level.INFO.intValue()) {
                log.add(entry.getLevel() + " " + entry.getMessage());
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    private Path file;

    @BeforeEach
    void listen() {
        file = directory.resolve("cities.csv");
        LOGGER.addHandler(handler);
        LOGGER.setUseParentHandlers(false);
    }

    @AfterEach
    void stopListening() {
        LOGGER.removeHandler(handler);
        LOGGER.setUseParentHandlers(true);
    }

    /** A whole file in one step. */
    private void replace(String content) throws Exception {
        Path next = Files.writeString(directory.resolve("next"), content);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(5);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    private LocalLookup<String, City> open() throws Exception {
        return CsvTable.of(file, City.class)
                .keyedBy(City::name)
                .reloadEvery(SOON)
                .open(CONTEXT);
    }

    private static int people(LocalLookup<String, City> table, String name) {
        try {
            return table.get(name).map(City::people).orElse(-1);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void shouldAnswerFromTheFileAsItIsWhenItIsReplaced() throws Exception {
        replace("name,people\nOslo,1\nRome,1\n");
        try (LocalLookup<String, City> table = open()) {
            assertThat(people(table, "Oslo")).isEqualTo(1);
            replace("name,people\nOslo,2\n");
            await(() -> people(table, "Oslo") == 2);
            assertThat(people(table, "Rome")).isEqualTo(-1);
            assertThat(table.cache().orElseThrow().size()).isEqualTo(1);
            assertThat(table.cache().orElseThrow().hits()).isGreaterThan(2);
        }
        assertThat(log).isEmpty();
    }

    @Test
    void shouldShowOneWholeFileAfterAnotherWhenItIsReplacedWhileLookupsRun() throws Exception {
        int versions = 200;
        replace(version(1));
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try (LocalLookup<String, City> table = open()) {
            Callable<Integer> reader = () -> {
                int last = 1;
                int seen = 1;
                while (last < versions) {
                    for (int i = 0; i < 50; i++) {
                        int version = people(table, "city " + i);
                        assertThat(version).isGreaterThanOrEqualTo(last);
                        seen += version > last ? 1 : 0;
                        last = version;
                    }
                }
                return seen;
            };
            List<Future<Integer>> readers = List.of(threads.submit(reader), threads.submit(reader));
            for (int version = 2; version <= versions; version++) {
                replace(version(version));
            }
            for (Future<Integer> one : readers) {
                assertThat(one.get(5, TimeUnit.MINUTES)).isGreaterThan(1);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(log).isEmpty();
    }

    private static String version(int number) {
        StringBuilder rows = new StringBuilder("name,people\n");
        for (int i = 0; i < 50; i++) {
            rows.append("city ").append(i).append(',').append(number).append('\n');
        }
        return rows.toString();
    }

    @Test
    void shouldKeepTheRowsOfBeforeAndSayWhyOnceWhenTheFileIsBad() throws Exception {
        replace("name,people\nOslo,1\n");
        try (LocalLookup<String, City> table = open()) {
            replace("name,people\nOslo,many\n");
            await(() -> log.size() == 1);
            replace("name,people\nOslo,2\nOslo,3\n");
            await(() -> log.size() == 2);
            Files.delete(file);
            await(() -> log.size() == 3);
            assertThat(people(table, "Oslo")).isEqualTo(1);
            assertThat(table.cache().orElseThrow().size()).isEqualTo(1);
            replace("name,people\nOslo,4\n");
            await(() -> log.size() == 4);
            assertThat(people(table, "Oslo")).isEqualTo(4);
        }

        String kept = "WARNING [test|files] " + file + " could not be read anew, the 1 rows of before stay: " + file;
        assertThat(log)
                .containsExactly(
                        kept + ": 1 of 1 rows were refused: line 2: column 'people' must be a whole number",
                        kept + ": 1 of 2 rows have the key of an earlier row, and duplicates(..) does not say which of"
                                + " them counts: lines 2 and 3",
                        kept + ": there is no such file",
                        "INFO [test|files] " + file + " could be read again, and has 1 rows");
    }

    @Test
    void shouldNotLogWhatAStreamOfTheUserThrows() throws Exception {
        AtomicBoolean isBroken = new AtomicBoolean();
        CsvTable<String, City> described = CsvTable.of(Csv.stream(
                        "cities.csv",
                        () -> {
                            if (isBroken.get()) {
                                throw new IOException("password=secret");
                            }
                            return new ByteArrayInputStream("name,people\nOslo,1\n".getBytes(UTF_8));
                        },
                        City.class))
                .keyedBy(City::name)
                .reloadEvery(SOON);
        try (LocalLookup<String, City> table = described.open(CONTEXT)) {
            isBroken.set(true);
            await(() -> !log.isEmpty());
            assertThat(people(table, "Oslo")).isEqualTo(1);
        }

        assertThat(log)
                .containsExactly("WARNING [test|files] cities.csv could not be read anew, the 1 rows of before stay:"
                        + " java.io.IOException");
    }

    @Test
    void shouldFailTheNextLookupWhenThereIsNoMemoryForTheNewRows() throws Exception {
        replace("name,people\nOslo,1\n");
        AtomicBoolean isFull = new AtomicBoolean();
        CsvTable<String, City> described = CsvTable.of(file, City.class)
                .keyedBy(city -> {
                    if (isFull.get()) {
                        throw new OutOfMemoryError("of a test");
                    }
                    return city.name();
                })
                .reloadEvery(SOON);
        try (LocalLookup<String, City> table = described.open(CONTEXT)) {
            isFull.set(true);
            replace("name,people\nOslo,2\n");
            await(() -> isFailing(table));
        }
    }

    private static boolean isFailing(LocalLookup<String, City> table) {
        try {
            people(table, "Oslo");
            return false;
        } catch (OutOfMemoryError e) {
            return true;
        }
    }

    @Test
    void shouldReadNoMoreWhenItIsClosed() throws Exception {
        List<String> reads = new CopyOnWriteArrayList<>();
        replace("name,people\nOslo,1\n");
        CsvTable<String, City> described = CsvTable.of(Csv.stream(
                        "cities.csv",
                        () -> {
                            reads.add("read");
                            return Files.newInputStream(file);
                        },
                        City.class))
                .keyedBy(City::name)
                .reloadEvery(SOON);
        LocalLookup<String, City> table = described.open(CONTEXT);
        await(() -> reads.size() > 2);
        table.close();

        // Another table's reloads tell that enough time has passed; one of this one may be under way.
        int before = reads.size();
        try (LocalLookup<String, City> clock = open()) {
            for (int i = 2; i < 20; i++) {
                int people = i;
                replace("name,people\nOslo," + i + "\n");
                await(() -> people(clock, "Oslo") == people);
            }
        }
        assertThat(reads.size()).isLessThanOrEqualTo(before + 1);
        assertThat(people(table, "Oslo")).isEqualTo(1);
    }

    @Test
    void shouldNotReadFilesThatHaveNotChanged() throws Exception {
        replace("name,people\nOslo,1\n");
        Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2026-01-01T00:00:00Z")));
        AtomicInteger reads = new AtomicInteger();
        CsvTable<String, City> files = CsvTable.of(
                        Csv.source(directory, City.class).glob("*.csv"))
                .keyedBy(city -> {
                    reads.incrementAndGet();
                    return city.name();
                })
                .reloadEvery(SOON);
        AtomicInteger ticks = new AtomicInteger();
        CsvTable<String, City> clock = CsvTable.of(Csv.stream(
                        "clock.csv",
                        () -> {
                            ticks.incrementAndGet();
                            return new ByteArrayInputStream("name,people\n".getBytes(UTF_8));
                        },
                        City.class))
                .keyedBy(City::name)
                .reloadEvery(SOON);
        try (LocalLookup<String, City> table = files.open(CONTEXT);
                LocalLookup<String, City> ticking = clock.open(CONTEXT)) {
            // A stream is read each time, which tells that the files have been looked at about as often.
            await(() -> ticks.get() > 20);
            assertThat(reads).hasValue(1);
            assertThat(people(ticking, "Oslo")).isEqualTo(-1);

            replace("name,people\nOslo,2\n");
            Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2026-01-01T00:00:01Z")));
            await(() -> people(table, "Oslo") == 2);
        }
    }

    @Test
    void shouldNotLoadWhenTheFirstFileIsBad() {
        assertThatThrownBy(this::open).hasMessage(file + ": there is no such file");
        assertThatThrownBy(
                        () -> CsvTable.of(file, City.class).keyedBy(City::name).reloadEvery(Duration.ZERO))
                .hasMessage("interval must be positive, got PT0S");
    }

    @Test
    void shouldMakeATableOfJsonWhenAsked() throws Exception {
        Path lines = Files.writeString(
                directory.resolve("cities.jsonl"),
                "{\"name\":\"Oslo\",\"people\":1}\n\n{\"name\":\"Oslo\",\"people\":2}\n{\"name\":\" \",\"people\":3}\n{\"name\":1");
        Path array = Files.writeString(
                directory.resolve("cities.json"),
                "[{\"name\":\"Oslo\",\"people\":1},\n{\"name\":\"Oslo\",\"people\":2},{\"people\":2}]");
        JsonTable<String, City> ofLines =
                JsonTable.of(Json.lines(lines, City.class)).keyedBy(City::name);
        JsonTable<String, City> ofArray =
                JsonTable.of(Json.array(array, City.class)).keyedBy(City::name);

        assertThatThrownBy(() -> ofLines.open(CONTEXT))
                .hasMessage(lines + ": 2 of 4 rows were refused: line 4: the key must not be blank;"
                        + " line 5: $ ends too early (column 10)");
        assertThatThrownBy(() -> ofArray.skipRefused().open(CONTEXT)).hasMessageEndingWith("counts: $[0] and $[1]");
        assertThat(ofLines.skipRefused()
                        .duplicates(Duplicates.LAST_WINS)
                        .open(CONTEXT)
                        .get("Oslo"))
                .isEqualTo(Optional.of(new City("Oslo", 2)));
        assertThat(log)
                .containsExactly("WARNING [test|files] " + lines + ": 2 of 4 rows were skipped: line 4: the key must"
                        + " not be blank; line 5: $ ends too early (column 10)");
        assertThat(ofLines.describe()).isEqualTo("JSON table " + lines);
        assertThat(new ArrayList<>(List.of(ofArray.toString()))).containsExactly("JsonTable[" + array + "]");
    }
}
