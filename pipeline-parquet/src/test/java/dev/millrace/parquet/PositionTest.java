package dev.millrace.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.pipeline.record.DataLoss;
import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.runtime.PipelineFailedException;
import dev.millrace.pipeline.spi.DataLossException;
import dev.millrace.pipeline.spi.Source;
import dev.millrace.state.StateDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files whose position is kept: what changes in them between two starts, and what must not. */
class PositionTest {

    private static final DataLoss REPLACED =
            DataLoss.replaced("cities.parquet", 0, 2, "other records have their place now");

    private static final City OSLO = new City("Oslo", 1);
    private static final City BERN = new City("Bern", 2);
    private static final City ROME = new City("Rome", 3);
    private static final City KYIV = new City("Kyiv", 4);

    @TempDir
    Path directory;

    record City(String name, Integer people) {}

    private Path file() {
        return directory.resolve("cities.parquet");
    }

    private void write(String name, City... cities) throws Exception {
        Writing.write(
                Parquet.replacing(directory.resolve(name), City.class),
                List.of(PipelineRecord.of(List.of(cities), "0", 0)));
    }

    private void duck(String select, String options) throws Exception {
        DuckDb.run("copy (" + select + ") to $ (format parquet" + options + ")", file());
    }

    private <T extends Record> ParquetSource<T> kept(ParquetSource<T> source) {
        return source.positionKeptIn(StateDirectory.at(directory.resolve("positions")));
    }

    private <T extends Record> List<T> read(Class<T> type) throws Exception {
        return Reading.of(kept(Parquet.source(file(), type)));
    }

    private <T extends Record> void assertThatItHasChanged(Class<T> type, DataLoss loss) {
        assertThatThrownBy(() -> read(type))
                .isInstanceOf(PipelineFailedException.class)
                .cause()
                .isInstanceOfSatisfying(
                        DataLossException.class,
                        failure -> assertThat(failure.losses()).containsExactly(loss));
    }

    @Test
    void shouldGoOnBehindTheRowsThatAreDone() throws Exception {
        write("cities.parquet", OSLO, BERN);
        assertThat(read(City.class)).containsExactly(OSLO, BERN);
        assertThat(read(City.class)).isEmpty();

        write("cities.parquet", OSLO, BERN, ROME);

        assertThat(read(City.class)).containsExactly(ROME);
        assertThat(read(City.class)).isEmpty();
    }

    @Test
    void shouldBeToldTheSameFileByItsRowsHoweverTheyAreWritten() throws Exception {
        write("cities.parquet", OSLO, BERN);
        read(City.class);

        duck("""
                select people, 7 as other, name
                from (values ('Oslo', 1), ('Bern', 2), ('Rome', 3)) t(name, people)""", ", compression snappy");

        assertThat(read(City.class)).containsExactly(ROME);
    }

    @Test
    void shouldTakeRowsForTheSameWhenComponentsChangePlacesOrAreWider() throws Exception {
        record Town(Long people, String name) {}
        write("cities.parquet", OSLO, BERN);
        read(City.class);

        write("cities.parquet", OSLO, BERN, ROME);

        assertThat(read(Town.class)).containsExactly(new Town(3L, "Rome"));
    }

    @Test
    void shouldFailRatherThanPassOverRowsThatItHasNotSeen() throws Exception {
        write("cities.parquet", OSLO, BERN, ROME);
        read(City.class);

        write("cities.parquet", OSLO, new City("Bern", 9), ROME, KYIV);
        assertThatItHasChanged(City.class, REPLACED);
        write("cities.parquet", BERN, OSLO, ROME);
        assertThatItHasChanged(City.class, REPLACED);
        write("cities.parquet", OSLO, new City("New", 0), BERN, ROME);
        assertThatItHasChanged(City.class, REPLACED);
        write("cities.parquet", OSLO, BERN);
        assertThatItHasChanged(City.class, DataLoss.replaced("cities.parquet", 0, 2, "it ends before them now"));

        write("cities.parquet", OSLO, BERN, ROME, KYIV);
        assertThat(read(City.class)).containsExactly(KYIV);
    }

    @Test
    void shouldFailWhenRowsHaveBecomeOthersByTheirRecord() throws Exception {
        record Name(String name) {}
        write("cities.parquet", OSLO, BERN, ROME);
        read(City.class);

        assertThatItHasChanged(Name.class, REPLACED);
    }

    @Test
    void shouldTellValuesOfEachTypeApart() throws Exception {
        record Inner(@Nullable Long number, @Nullable String text) {}
        record Row(
                @Nullable Boolean truth,
                Double fraction,
                UUID id,
                Instant at,
                @Nullable LocalDateTime exact,
                List<@Nullable String> texts,
                Inner inner) {}
        String select = """
                select $truth::boolean as truth, $fraction::double as fraction,
                '00000000-0000-0000-0000-00000000000$id'::uuid as id, to_timestamp($second) as at,
                '2020-01-01 00:00:00.00000000$nano'::timestamp_ns as exact, $texts::varchar[] as texts,
                {number: $number::bigint, text: $text::varchar} as inner""";
        List<List<String>> changes = List.of(
                List.of("$truth", "true", "null"),
                List.of("$fraction", "0.1", "0.10000000000000002"),
                List.of("$id", "1", "2"),
                List.of("$second", "7", "8"),
                List.of("$nano", "1", "2"),
                List.of("$texts", "['a', 'b']", "['ab']"),
                List.of("$number", "5", "null"),
                List.of("$text", "'x'", "''"));
        for (List<String> changed : changes) {
            String before = select;
            String after = select;
            for (List<String> change : changes) {
                before = before.replace(change.get(0), change.get(1));
                after = after.replace(change.get(0), change.get(change.equals(changed) ? 2 : 1));
            }
            duck(before, "");
            StateDirectory positions = StateDirectory.at(directory.resolve("positions of " + changed.get(0)));
            Source<Row> source = Parquet.source(file(), Row.class).positionKeptIn(positions);
            assertThat(Reading.of(source)).as("%s", changed).hasSize(1);
            assertThat(Reading.of(source)).as("%s", changed).isEmpty();

            duck(after, "");

            assertThatThrownBy(() -> Reading.of(source))
                    .as("%s", changed)
                    .hasRootCauseInstanceOf(DataLossException.class);
        }
    }

    @Test
    void shouldKeepTheBytesOfARowWhateverTheVersion() throws Exception {
        enum Kind {
            FILM
        }
        record Inner(@Nullable Long nothing, boolean truth) {}
        record Row(
                int whole,
                Double fraction,
                String text,
                UUID id,
                LocalDate date,
                LocalTime time,
                Instant at,
                LocalDateTime local,
                Kind kind,
                List<Integer> numbers,
                Inner inner) {}
        Row row = new Row(
                -2,
                0.1,
                "é",
                new UUID(1, 2),
                LocalDate.EPOCH.plusDays(3),
                LocalTime.MIN.plusNanos(4),
                Instant.ofEpochSecond(5, 6),
                LocalDateTime.ofEpochSecond(7, 8, ZoneOffset.UTC),
                Kind.FILM,
                List.of(9),
                new Inner(null, true));

        byte[] identity = RowType.of(Row.class).identity(row);

        // In the order of their names, each after a 1, since it is there.
        assertThat(identity)
                .asHexString()
                .isEqualToIgnoringCase(String.join(
                        "",
                        "01" + "0000000000000005" + "00000006",
                        "01" + "0000000000000003",
                        "01" + "3fb999999999999a",
                        "01" + "0000000000000001" + "0000000000000002",
                        "01" + "00" + "0101",
                        "01" + "00000004" + "46494c4d",
                        "01" + "0000000000000007" + "00000008",
                        "01" + "00000001" + "01" + "0000000000000009",
                        "01" + "00000002" + "c3a9",
                        "01" + "0000000000000004",
                        "01" + "fffffffffffffffe"));
    }

    @Test
    void shouldKeepThePositionOfEachFileOfAGlob() throws Exception {
        write("a.parquet", OSLO);
        write("b.parquet", BERN);
        Source<City> source = kept(Parquet.source(directory, City.class)).glob("*.parquet");
        assertThat(Reading.of(source)).containsExactly(OSLO, BERN);

        write("aa.parquet", KYIV);
        write("b.parquet", BERN, ROME);
        Files.delete(directory.resolve("a.parquet"));

        assertThat(Reading.of(source)).containsExactly(KYIV, ROME);
        assertThat(source.describe())
                .isEqualTo("Parquet file " + directory + "/*.parquet, position in directory "
                        + directory.resolve("positions"));
    }
}
