package dev.millrace.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.pipeline.record.DataLoss;
import dev.millrace.pipeline.runtime.PipelineFailedException;
import dev.millrace.pipeline.spi.DataLossException;
import dev.millrace.pipeline.spi.Source;
import dev.millrace.pipeline.spi.StateStore;
import dev.millrace.state.StateDirectory;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files whose position is kept: what changes in them between two starts, and what must not. */
class PositionTest {

    @TempDir
    Path directory;

    private record City(String name, int people) {}

    private Path write(String name, String content) throws IOException {
        return Files.writeString(directory.resolve(name), content);
    }

    private StateStore positions() {
        return StateDirectory.at(directory.resolve("positions"));
    }

    private CsvSource<City> cities() {
        return Csv.source(directory.resolve("cities.csv"), City.class).positionKeptIn(positions());
    }

    private static ThrowingCallable reading(Source<?> source) {
        return () -> Reading.run(source, new Reading<>(new ArrayList<>(), new ArrayList<>()));
    }

    private static void assertThatItHasChanged(Source<?> source, DataLoss loss) {
        assertThatThrownBy(reading(source))
                .isInstanceOf(PipelineFailedException.class)
                .cause()
                .isInstanceOfSatisfying(
                        DataLossException.class,
                        failure -> assertThat(failure.losses()).containsExactly(loss))
                .hasMessageStartingWith(loss.partition() + " has changed: its records up to offset "
                        + loss.to().orElseThrow() + " are done, but " + loss.reason());
    }

    @Test
    void shouldGoOnBehindTheRowsThatAreDoneAndThoseRefused() throws Exception {
        write("cities.csv", "name,people\nOslo,1\nBern\n");
        assertThat(Reading.of(cities()).reasons()).containsExactly("cities.csv line 3: has 1 columns, must have 2");

        write("cities.csv", "name,people\nOslo,1\nBern\n\nRome,3\n");

        Reading<City> grown = Reading.of(cities());
        assertThat(grown.values()).containsExactly(new City("Rome", 3));
        assertThat(grown.reasons()).isEmpty();
        assertThat(Reading.of(cities()).values()).isEmpty();
    }

    @Test
    void shouldBeToldTheSameFileByItsRowsHoweverItIsPacked() throws Exception {
        Path file = write("cities.csv", "name,people\nOslo,1\nBern,2\n");
        Reading.of(cities());

        try (OutputStream packed = new GZIPOutputStream(Files.newOutputStream(file))) {
            packed.write("name,people\r\nOslo,1\r\n\"Bern\",2\r\nRome,3\r\n".getBytes(UTF_8));
        }

        assertThat(Reading.of(cities()).values()).containsExactly(new City("Rome", 3));
    }

    @Test
    void shouldFailRatherThanPassOverRowsThatItHasNotSeen() throws Exception {
        write("cities.csv", "name,people\nOslo,1\nBern,2\nRome,3\n");
        Reading.of(cities());
        DataLoss replaced = DataLoss.replaced("cities.csv", 0, 2, "other records have their place now");

        write("cities.csv", "name,people\nOslo,1\nBern,9\nRome,3\nKyiv,4\n");
        assertThatItHasChanged(cities(), replaced);
        write("cities.csv", "name,people\nBern,2\nOslo,1\nRome,3\n");
        assertThatItHasChanged(cities(), replaced);
        write("cities.csv", "name,people\nOslo,1\nNew,0\nBern,2\nRome,3\n");
        assertThatItHasChanged(cities(), replaced);
        write("cities.csv", "name,people\nOslo,1\nBern,2\n");
        assertThatItHasChanged(cities(), DataLoss.replaced("cities.csv", 0, 2, "it ends before them now"));

        write("cities.csv", "name,people\nOslo,1\nBern,2\nRome,3\nKyiv,4\n");
        assertThat(Reading.of(cities()).values()).containsExactly(new City("Kyiv", 4));
    }

    @Test
    void shouldKeepThePositionOfEachFileOfAGlob() throws Exception {
        write("a.jsonl", "1\n\n2\n");
        write("b.jsonl", "3\n");
        Source<JsonNode> lines = Json.lines(directory).glob("*.jsonl").positionKeptIn(positions());
        assertThat(Reading.of(lines).values()).hasToString("[1, 2, 3]");

        write("aa.jsonl", "4\n");
        write("b.jsonl", "3\n5\n");
        Files.delete(directory.resolve("a.jsonl"));

        assertThat(Reading.of(lines).values()).hasToString("[4, 5]");
    }

    @Test
    void shouldGiveBackAllFilesThatAreDoneAlready() throws Exception {
        for (int i = 100; i < 400; i++) {
            write(i + ".json", "[" + i + "]");
        }
        Source<JsonNode> arrays = Json.array(directory).glob("*.json").positionKeptIn(positions());

        assertThat(Reading.of(arrays).values()).hasSize(300);
        write("400.json", "[400, 401]");
        assertThat(Reading.of(arrays).values()).hasToString("[400, 401]");
    }

    @Test
    void shouldReadAllOfItAsATable() throws Exception {
        write("cities.csv", "name,people\nOslo,1\nBern,2\n");
        Reading.of(cities());

        List<City> values = Outcome.of(
                        Csv.source(directory.resolve("cities.csv"), City.class).unwrapped())
                .values();
        CsvTable<String, City> table = CsvTable.of(cities()).keyedBy(City::name);

        assertThat(values).hasSize(2);
        assertThat(table.open(TestContext.CONTEXT)).isNotNull();
        assertThat(cities().describe())
                .isEqualTo("CSV file " + directory.resolve("cities.csv") + ", position in directory "
                        + directory.resolve("positions"));
    }
}
