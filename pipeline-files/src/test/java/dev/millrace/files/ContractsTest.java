package dev.millrace.files;

import dev.millrace.pipeline.spi.Enricher;
import dev.millrace.pipeline.spi.Sink;
import dev.millrace.pipeline.spi.Source;
import dev.millrace.state.StateDirectory;
import dev.millrace.testkit.contract.EnricherContract;
import dev.millrace.testkit.contract.SinkContract;
import dev.millrace.testkit.contract.SourceContract;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/** What files promise as sources, sinks and tables, as every connector does. */
class ContractsTest {

    record City(String name, int people) {}

    private static City city(int number) {
        return new City("city \"" + number + "\", a", number);
    }

    @Nested
    @DisplayName("A CSV file that is read")
    class CsvSources extends SourceContract<City> {

        @TempDir
        Path directory;

        @BeforeEach
        void writeHeader() throws Exception {
            Files.writeString(directory.resolve("cities.csv"), "name,people\n");
        }

        @Override
        protected Source<City> source() {
            return Csv.source(directory.resolve("cities.csv"), City.class);
        }

        @Override
        protected City value(int number) {
            return city(number);
        }

        @Override
        protected void add(List<City> values) throws Exception {
            Writing.writeAll(Csv.appending(directory.resolve("cities.csv"), City.class), values);
        }

        @Override
        protected boolean hasEnd() {
            return true;
        }
    }

    @Nested
    @DisplayName("JSON Lines whose position is kept")
    class ResumedJsonLines extends SourceContract<City> {

        @TempDir
        Path directory;

        @BeforeEach
        void createFile() throws Exception {
            Files.createFile(directory.resolve("cities.jsonl"));
        }

        @Override
        protected Source<City> source() {
            return Json.lines(directory.resolve("cities.jsonl"), City.class)
                    .positionKeptIn(StateDirectory.at(directory.resolve("positions")));
        }

        @Override
        protected City value(int number) {
            return city(number);
        }

        @Override
        protected void add(List<City> values) throws Exception {
            Writing.writeAll(Json.appending(directory.resolve("cities.jsonl"), City.class), values);
        }

        @Override
        protected boolean hasEnd() {
            return true;
        }

        @Override
        protected boolean keepsPosition() {
            return true;
        }
    }

    @Nested
    @DisplayName("A CSV file that is appended to")
    class CsvSinks extends SinkContract<City> {

        @TempDir
        Path directory;

        @Override
        protected Sink<City> sink() {
            return Csv.appending(directory.resolve("cities.csv"), City.class);
        }

        @Override
        protected City value(int number) {
            return city(number);
        }

        @Override
        protected Collection<City> stored() throws Exception {
            return Reading.of(Csv.source(directory.resolve("cities.csv"), City.class))
                    .values();
        }

        @Override
        protected boolean keepsOrder() {
            return true;
        }

        @Override
        protected Optional<City> refused() {
            return Optional.of(new City("\uD800", 0)); // half a character has no bytes
        }
    }

    @Nested
    @DisplayName("JSON Lines that are appended to")
    class JsonSinks extends SinkContract<City> {

        @TempDir
        Path directory;

        @Override
        protected Sink<City> sink() {
            return Json.appending(directory.resolve("cities.jsonl"), City.class);
        }

        @Override
        protected City value(int number) {
            return city(number);
        }

        @Override
        protected Collection<City> stored() throws Exception {
            return Reading.of(Json.lines(directory.resolve("cities.jsonl"), City.class))
                    .values();
        }

        @Override
        protected boolean keepsOrder() {
            return true;
        }
    }

    @Nested
    @DisplayName("A table of a CSV file")
    class Tables extends EnricherContract<String, City> {

        @TempDir
        Path directory;

        @Override
        protected Enricher<String, City> enricher() throws Exception {
            Path file = directory.resolve("cities.csv");
            Files.writeString(file, "name,people\nOslo,1\nBern,2\n");
            return CsvTable.of(file, City.class).keyedBy(City::name);
        }

        @Override
        protected Map<String, City> known() {
            return Map.of("Oslo", new City("Oslo", 1), "Bern", new City("Bern", 2));
        }

        @Override
        protected String unknown() {
            return "Rome";
        }
    }
}
