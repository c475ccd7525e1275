package dev.millrace.files;

import static dev.millrace.files.TestContext.CONTEXT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.Sources;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.pipeline.spi.LocalLookup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvTableTest {

    @TempDir
    Path directory;

    record City(@Nullable String name, int people) {}

    private Path file(String content) throws Exception {
        return Files.writeString(directory.resolve("cities.csv"), content);
    }

    private static CsvTable<String, City> byName(Path file) {
        return CsvTable.of(file, City.class).keyedBy(City::name);
    }

    @Test
    void shouldAnswerByKeyWhenLoaded() throws Exception {
        Path file = file("name,people\nRome,2\nOslo,1\n");

        LocalLookup<String, City> table = byName(file).open(CONTEXT);

        assertThat(table.get("Oslo")).contains(new City("Oslo", 1));
        assertThat(table.get("Oslo")).isSameAs(table.get("Oslo"));
        assertThat(table.get("Bonn")).isEmpty();
        assertThat(table.find("Rome")).isCompletedWithValue(Optional.of(new City("Rome", 2)));
    }

    @Test
    void shouldEnrichWhenAPipelineRuns() throws Exception {
        Path file = file("name,people\nRome,2\nOslo,1\n");
        List<String> joined = new ArrayList<>();
        Pipeline pipeline = Pipeline.named("join")
                .from(Sources.of("Oslo", "Bonn", "Rome"))
                .enrich(
                        byName(file),
                        name -> name,
                        (name, city) -> name + city.map(City::people).orElse(0))
                .to(Sinks.into(joined));

        try (RunningPipeline running = PipelineRunner.create().start(pipeline)) {
            running.awaitTermination();
        }

        assertThat(joined).containsExactly("Oslo1", "Bonn0", "Rome2");
        assertThat(pipeline.describe()).contains("CSV table " + file);
    }

    @Test
    void shouldNotLoadAndNameTheLinesWhenAKeyOccursTwice() throws Exception {
        Path file = file("name,people\nRome,1\nOslo,2\nRome,3\n\nRome,4\n");

        assertThatThrownBy(() -> byName(file).open(CONTEXT))
                .isInstanceOf(IOException.class)
                .hasMessage(file + ": 2 of 4 rows have the key of an earlier row, and duplicates(..) does not say which"
                        + " of them counts: lines 2 and 4; lines 2 and 6");
        assertThatThrownBy(() -> byName(file).skipRefused().open(CONTEXT))
                .hasMessageContaining("2 of 4 rows have the key of an earlier row");
    }

    @Test
    void shouldKeepTheChosenRowWhenAKeyOccursTwice() throws Exception {
        CsvTable<String, City> cities = byName(file("name,people\nRome,1\nOslo,2\nRome,3\n\nRome,4\n"));

        assertThat(cities.duplicates(Duplicates.FIRST_WINS).open(CONTEXT).get("Rome"))
                .contains(new City("Rome", 1));
        assertThat(cities.duplicates(Duplicates.LAST_WINS).open(CONTEXT).get("Rome"))
                .contains(new City("Rome", 4));
    }

    private static final String BAD =
            "name,people\nRome,1\n,2\nOslo,\n \t,4\nBonn,x\nBern\nKyiv,7\n\"Lima\"x,1\nParis,\u00e4\n";

    @Test
    void shouldNotLoadAndNameTheFirstLinesWhenRowsAreRefused() throws Exception {
        Path file = file(BAD);

        assertThatThrownBy(() -> byName(file).open(CONTEXT))
                .isInstanceOf(IOException.class)
                .hasMessage(file + ": 7 of 9 rows were refused: line 3: the key must not be null;"
                        + " line 4: column 'people' must not be empty; line 5: the key must not be blank;"
                        + " line 6: column 'people' must be a whole number; line 7: has 1 columns, must have 2;"
                        + " and 2 more");
    }

    @Test
    void shouldLoadTheRestAndWarnWhenRefusedRowsAreSkipped() throws Exception {
        Path file = file(BAD);
        List<String> warnings = new ArrayList<>();
        Logger logger = Logger.getLogger("dev.millrace.files");
        Handler handler = handlerInto(warnings);
        logger.addHandler(handler);
        logger.setUseParentHandlers(false);
        LocalLookup<String, City> table;
        try {
            table = byName(file).skipRefused().open(CONTEXT);
        } finally {
            logger.removeHandler(handler);
            logger.setUseParentHandlers(true);
        }

        assertThat(table.get("Rome")).contains(new City("Rome", 1));
        assertThat(table.get("Kyiv")).contains(new City("Kyiv", 7));
        assertThat(table.get("Bonn")).isEmpty();
        assertThat(warnings)
                .singleElement()
                .satisfies(warning -> assertThat(warning)
                        .startsWith("[test|files] " + file
                                + ": 7 of 9 rows were skipped: line 3: the key must not be null; "));
    }

    @Test
    void shouldNameTheLineWhenTheKeyFunctionThrows() throws Exception {
        Path file = file("name,people\nRome,1\nOslo,0\n");
        CsvTable<Integer, City> byShare = CsvTable.of(file, City.class).keyedBy(city -> 100 / city.people());

        assertThatThrownBy(() -> byShare.open(CONTEXT))
                .hasMessage(file + ": 1 of 2 rows were refused: line 3: the key function threw"
                        + " java.lang.ArithmeticException");
    }

    @Test
    void shouldTakeEveryOptionOfASourceWhenItIsMadeOfOne() throws Exception {
        Path file = file("1;Rome\n2;Oslo\n");
        CsvSource<City> rows =
                Csv.source(file, City.class).columns("people", "name").delimiter(';');

        assertThat(CsvTable.of(rows).keyedBy(City::people).open(CONTEXT).get(2)).contains(new City("Oslo", 2));
    }

    @Test
    void shouldReadTheFileAsItThenIsWhenOpenedAgain() throws Exception {
        Path file = file("name,people\nRome,1\n");
        CsvTable<String, City> cities = byName(file);
        LocalLookup<String, City> before = cities.open(CONTEXT);
        file("name,people\nRome,2\n");

        assertThat(cities.open(CONTEXT).get("Rome")).contains(new City("Rome", 2));
        assertThat(before.get("Rome")).contains(new City("Rome", 1));
    }

    @Test
    void shouldSayInOneLineWhatIsWrongWhenThereIsNoFile() {
        Path missing = directory.resolve("no-such.csv");

        assertThatThrownBy(() -> byName(missing).open(CONTEXT))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessage(missing + ": there is no such file");
    }

    @Test
    void shouldReadAResourceWhenItLiesBesideAClass() throws Exception {
        CsvTable<String, City> cities =
                CsvTable.of(Csv.resource(getClass(), "cities.csv", City.class)).keyedBy(City::name);

        assertThat(cities.open(CONTEXT).get("Oslo")).contains(new City("Oslo", 717_710));
    }

    @Test
    void shouldTellTheFileWhenDescribed() {
        CsvTable.Unkeyed<City> unkeyed = CsvTable.of(Path.of("data/cities.csv"), City.class);

        assertThat(unkeyed).hasToString("CsvTable.Unkeyed[data/cities.csv]");
        assertThat(unkeyed.keyedBy(City::name)).hasToString("CsvTable[data/cities.csv]");
        assertThat(unkeyed.keyedBy(City::name).describe()).isEqualTo("CSV table data/cities.csv");
    }

    private static Handler handlerInto(List<String> messages) {
        return new Handler() {
            @Override
            public void publish(LogRecord entry) {
                messages.add(entry.getMessage());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
    }
}
