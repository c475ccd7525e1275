package dev.millrace.parquet;

import static dev.millrace.parquet.TestContext.CONTEXT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.runtime.PipelineFailedException;
import dev.millrace.pipeline.spi.SourceReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceTest {

    @TempDir
    Path directory;

    enum Kind {
        FILM,
        SERIES
    }

    record Movie(String title, int year) {}

    private Path write(String name, List<Movie> movies) throws Exception {
        Path file = directory.resolve(name);
        Writing.write(Parquet.replacing(file, Movie.class), List.of(PipelineRecord.of(movies, "0", 0)));
        return file;
    }

    private Path duck(String select) throws Exception {
        Path file = directory.resolve("duck.parquet");
        DuckDb.run("copy (" + select + ") to $ (format parquet)", file);
        return file;
    }

    private static List<Movie> movies(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> new Movie("m" + i, i)).toList();
    }

    private static <T extends Record> void assertRefused(Path file, Class<T> type, String message) {
        assertThatThrownBy(() -> Parquet.source(file, type).open(CONTEXT))
                .isInstanceOf(IOException.class)
                .hasMessage(message);
    }

    @Test
    void shouldNumberRowsAndNameThePartitionLikeTheFile() throws Exception {
        Path file = write("movies.parquet", movies(0, 250));
        ParquetSource<Movie> source = Parquet.source(file, Movie.class);
        List<PipelineRecord<Movie>> records = new ArrayList<>();
        try (SourceReader<Movie> reader = source.open(CONTEXT)) {
            while (!reader.isExhausted()) {
                List<PipelineRecord<Movie>> polled = reader.poll(Duration.ZERO);
                assertThat(polled).hasSizeLessThanOrEqualTo(CONTEXT.pollLimit());
                records.addAll(polled);
            }
        }

        assertThat(records).hasSize(250).allSatisfy(record -> {
            assertThat(record.partition()).isEqualTo("movies.parquet");
            assertThat(record.offset()).isEqualTo(record.value().year());
            assertThat(record.sizeInBytes()).isPositive();
        });
        assertThat(source.describe()).isEqualTo("Parquet file " + file);
    }

    @Test
    void shouldReadTheFilesOfADirectoryOneAfterTheOther() throws Exception {
        write("b.parquet", movies(3, 5));
        write("a.parquet", movies(0, 3));
        write("c.parquet", List.of());
        write(".hidden.parquet", movies(9, 10));
        Files.createDirectory(directory.resolve("deeper"));
        write("deeper/d.parquet", movies(5, 6));

        assertThat(Reading.of(Parquet.source(directory, Movie.class).glob("*.parquet")))
                .isEqualTo(movies(0, 5));
        assertThat(Reading.of(Parquet.source(directory, Movie.class).glob("**.parquet")))
                .isEqualTo(movies(0, 6));
    }

    @Test
    void shouldReadWhatAnotherProgramHasWritten() throws Exception {
        record Film(String title, @Nullable Integer year, Double score, Kind kind, Instant at, List<String> genres) {}
        Path file = duck("""
                select 'x' as title, null::integer as year, 2.5::double as score, 'SERIES' as kind,
                to_timestamp(7) as at, ['a', 'b'] as genres, 5 as other""");

        assertThat(Reading.of(Parquet.source(file, Film.class)))
                .containsExactly(new Film("x", null, 2.5, Kind.SERIES, Instant.ofEpochSecond(7), List.of("a", "b")));
    }

    @Test
    void shouldReadWhateverItIsPackedBy() throws Exception {
        record Counted(Long number) {}
        for (String codec : List.of("uncompressed", "snappy", "gzip", "zstd", "lz4_raw")) {
            Path file = directory.resolve(codec + ".parquet");
            DuckDb.run(
                    "copy (select number from range(3000) t(number)) to $ (format parquet, compression " + codec + ")",
                    file);

            assertThat(Reading.of(Parquet.source(file, Counted.class)))
                    .as(codec)
                    .isEqualTo(LongStream.range(0, 3_000).mapToObj(Counted::new).toList());
        }
    }

    @Test
    void shouldNameFileAndColumnWhenTheyDoNotFit() throws Exception {
        record Renamed(String name) {}
        record Text(String year) {}
        record Small(short year) {}
        record Inner(int number) {}
        record Outer(Inner inner) {}
        Path file = write("movies.parquet", movies(0, 1));

        assertRefused(file, Renamed.class, file + ": has no column 'name', but 'title', 'year'");
        assertRefused(
                file, Text.class, file + ": Parquet 'required int32 year' can not be converted to 'java.lang.String'");
        assertRefused(file, Small.class, file + ": Parquet 'required int32 year' can not be converted to 'short'");
        Path duck = duck("""
                select 'x' as title, year, {number: year} as inner
                from (select unnest([7, null])::integer as year)""");
        assertRefused(
                duck,
                Movie.class,
                duck + ": column 'year' may be empty, so the component must be able to be null, but is int");
        assertRefused(
                duck,
                Outer.class,
                duck + ": column 'inner.number' may be empty, so the component must be able to be null, but is int");
    }

    @Test
    void shouldNameTheFileWhenItIsNone() throws Exception {
        Path missing = directory.resolve("missing.parquet");
        Path text = Files.writeString(directory.resolve("text.parquet"), "title,year\nx,1\n");
        Path empty = Files.createFile(directory.resolve("empty.parquet"));

        assertRefused(missing, Movie.class, missing + ": there is no such file");
        assertRefused(text, Movie.class, text + ": is no Parquet file");
        assertRefused(empty, Movie.class, empty + ": is no Parquet file");
        assertRefused(directory, Movie.class, directory + ": is a directory, whose files a glob may name");
        assertThatThrownBy(() ->
                        Parquet.source(directory, Movie.class).glob("*.parq").open(CONTEXT))
                .hasMessage(directory + "/*.parq: no file matches");
    }

    @Test
    void shouldFailWithTheFileWhereverItIsCutOff() throws Exception {
        Path file = write("movies.parquet", movies(0, 20));
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));

            assertRefused(
                    file,
                    Movie.class,
                    file
                            + (length < 4
                                    ? ": is no Parquet file"
                                    : ": is cut off, the footer of a Parquet file is missing"));
        }
    }

    @Test
    void shouldFailWithTheFileAndNeverHangWhicheverByteIsDamaged() throws Exception {
        Path file = write("movies.parquet", movies(0, 20));
        byte[] whole = Files.readAllBytes(file);
        for (int place = 0; place < whole.length; place++) {
            byte[] damaged = whole.clone();
            damaged[place] ^= 0x55;
            Files.write(file, damaged);

            List<Movie> read = new ArrayList<>();
            try (SourceReader<Movie> reader = Parquet.source(file, Movie.class).open(CONTEXT)) {
                while (!reader.isExhausted()) {
                    reader.poll(Duration.ZERO).forEach(record -> read.add(record.value()));
                }
            } catch (IOException e) {
                assertThat(e).as("place %d", place).hasMessageStartingWith(file + ": ");
            }
        }
    }

    @Test
    void shouldDeliverTheRowsBeforeTheOneThatCannotBeRead() throws Exception {
        record Film(Kind kind) {}
        Path file = duck("select unnest(['FILM', 'SERIES', 'GAME', 'FILM']) as kind");
        List<Film> films = new ArrayList<>();

        assertThatThrownBy(() -> Reading.run(Parquet.source(file, Film.class), films))
                .isInstanceOf(PipelineFailedException.class)
                .rootCause()
                .hasMessageContaining("GAME");
        assertThat(films).containsExactly(new Film(Kind.FILM), new Film(Kind.SERIES));
    }
}
