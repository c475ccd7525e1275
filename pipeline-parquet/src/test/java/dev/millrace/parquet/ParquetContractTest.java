package dev.millrace.parquet;

import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.Sink;
import dev.millrace.pipeline.spi.Source;
import dev.millrace.state.StateDirectory;
import dev.millrace.testkit.contract.SinkContract;
import dev.millrace.testkit.contract.SourceContract;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/** What Parquet files promise as sources and sinks, as every connector does. */
class ParquetContractTest {

    record City(String name, Integer people) {}

    private static City city(int number) {
        return new City("city " + number, number);
    }

    @Nested
    @DisplayName("A Parquet file that is read")
    class Sources extends SourceContract<City> {

        @TempDir
        Path directory;

        private final List<City> cities = new ArrayList<>();

        @BeforeEach
        void writeEmptyFile() throws Exception {
            add(List.of());
        }

        @Override
        protected Source<City> source() {
            return Parquet.source(directory.resolve("cities.parquet"), City.class)
                    .positionKeptIn(StateDirectory.at(directory.resolve("positions")));
        }

        @Override
        protected City value(int number) {
            return city(number);
        }

        @Override
        protected void add(List<City> values) throws Exception {
            cities.addAll(values);
            Writing.write(
                    Parquet.replacing(directory.resolve("cities.parquet"), City.class),
                    List.of(PipelineRecord.of(List.copyOf(cities), "0", 0)));
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
    @DisplayName("A directory of Parquet files that is added to")
    class Sinks extends SinkContract<City> {

        @TempDir
        Path directory;

        @Override
        protected Sink<City> sink() {
            return Parquet.appending(directory.resolve("cities"), City.class);
        }

        @Override
        protected City value(int number) {
            return city(number);
        }

        @Override
        protected Collection<City> stored() throws Exception {
            return Reading.of(
                    Parquet.source(directory.resolve("cities"), City.class).glob("*.parquet"));
        }
    }
}
