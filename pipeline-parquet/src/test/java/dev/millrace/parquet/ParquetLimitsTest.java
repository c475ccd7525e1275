package dev.millrace.parquet;

import static dev.millrace.parquet.TestContext.CONTEXT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.pipeline.record.PipelineRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory.BytesInputDecompressor;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sizes that a file only claims. */
class ParquetLimitsTest {

    private static final int MAGIC_LENGTH = 4;

    @TempDir
    Path directory;

    record Movie(String title, int year) {}

    private Path file() throws Exception {
        Path file = directory.resolve("movies.parquet");
        List<Movie> movies =
                IntStream.range(0, 1_000).mapToObj(i -> new Movie("m" + i, i)).toList();
        Writing.write(Parquet.replacing(file, Movie.class), List.of(PipelineRecord.of(movies, "0", 0)));
        return file;
    }

    private static List<BlockMetaData> groups(Path file) throws Exception {
        try (ParquetFileReader reader = ParquetFileReader.open(OpenFile.open(file))) {
            return reader.getRowGroups();
        }
    }

    private static ColumnChunkMetaData last(List<BlockMetaData> groups) {
        List<ColumnChunkMetaData> columns = groups.get(groups.size() - 1).getColumns();
        return columns.get(columns.size() - 1);
    }

    @Test
    void shouldTakeColumnsThatEndWithTheFileAndRefuseThoseThatEndBeyond() throws Exception {
        Path file = file();
        List<BlockMetaData> groups = groups(file);
        long end = last(groups).getStartingPos() + last(groups).getTotalSize();

        assertThatCode(() -> ChunkCheck.check(file, end, groups)).doesNotThrowAnyException();
        assertThatThrownBy(() -> ChunkCheck.check(file, end - 1, groups))
                .isInstanceOf(IOException.class)
                .hasMessage(file + ": column 'year' must lie within the " + (end - 1) + " bytes of the file, its footer"
                        + " says from " + last(groups).getStartingPos() + " on with "
                        + last(groups).getTotalSize() + " bytes");
    }

    @Test
    void shouldRefuseColumnsThatShareTheFile() throws Exception {
        Path file = file();
        BlockMetaData group = new BlockMetaData();
        List<ColumnChunkMetaData> columns = new ArrayList<>(groups(file).get(0).getColumns());
        for (ColumnChunkMetaData column : columns) {
            for (int i = 0; i < 1_000; i++) {
                group.addColumn(column);
            }
        }

        assertThatThrownBy(() -> ChunkCheck.check(file, Files.size(file), List.of(group)))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(file + ": column 'title' must lie within the ");
    }

    @Test
    void shouldNotOpenAFileThatIsMissingWhatItsFooterSpeaksOf() throws Exception {
        Path file = file();
        byte[] whole = Files.readAllBytes(file);
        int footer =
                (int) (last(groups(file)).getStartingPos() + last(groups(file)).getTotalSize());
        byte[] rest = Arrays.copyOf(whole, MAGIC_LENGTH + whole.length - footer);
        System.arraycopy(whole, footer, rest, MAGIC_LENGTH, whole.length - footer);
        Files.write(file, rest);

        assertThatThrownBy(() -> Parquet.source(file, Movie.class).open(CONTEXT))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(file + ": column '")
                .hasMessageContaining("' must lie within the " + rest.length + " bytes of the file");
    }

    @ParameterizedTest
    @EnumSource(names = {"UNCOMPRESSED", "GZIP", "SNAPPY", "ZSTD", "LZ4_RAW"})
    void shouldUnpackThePageThatIsAsLargeAsAllowedAndNoLargerOne(CompressionCodecName codec) throws Exception {
        byte[] page = new byte[1_000];
        byte[] larger = new byte[1_001];
        BytesInputDecompressor decompressor = new Codecs(1_000).getDecompressor(codec);

        assertThat(decompressor
                        .decompress(packed(codec, page), page.length)
                        .toInputStream()
                        .readAllBytes())
                .isEqualTo(page);
        assertThatThrownBy(() -> decompressor.decompress(packed(codec, larger), larger.length))
                .isInstanceOf(IOException.class)
                .hasMessage("a page must have at most 1000 bytes, and has 1001");
    }

    @Test
    void shouldMakeNoRoomForThePageThatAFileOnlyClaims() {
        BytesInputDecompressor decompressor = new Codecs().getDecompressor(CompressionCodecName.ZSTD);

        assertThatThrownBy(() -> decompressor.decompress(BytesInput.from(new byte[] {1}), Integer.MAX_VALUE))
                .isInstanceOf(IOException.class)
                .hasMessage("a page must have at most 536870912 bytes, and has 2147483647");
    }

    private static BytesInput packed(CompressionCodecName codec, byte[] bytes) throws IOException {
        return new Codecs().getCompressor(codec).compress(BytesInput.from(bytes));
    }
}
