package dev.millrace.parquet;

import com.jerolba.carpet.FieldMatchingStrategy;
import com.jerolba.carpet.impl.read.CarpetReadConfiguration;
import com.jerolba.carpet.impl.read.CarpetReadSupport;
import dev.millrace.files.internal.Items;
import dev.millrace.files.internal.NamedFile;
import dev.millrace.pipeline.record.PipelineRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.api.InitContext;
import org.apache.parquet.hadoop.api.ReadSupport;
import org.apache.parquet.hadoop.api.ReadSupport.ReadContext;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.MessageColumnIO;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.io.api.RecordMaterializer;
import org.apache.parquet.schema.MessageType;
import org.jspecify.annotations.Nullable;

/** The rows of a file. One row group is in memory at a time. */
final class RowReader<T extends Record> implements Items<T> {

    private final NamedFile file;
    private final ParquetFileReader reader;
    private final MessageColumnIO columns;
    private final RecordMaterializer<T> materializer;
    private final int sizeOfRow;

    private @Nullable RecordReader<T> group;
    private long leftInGroup;
    private long number;

    private RowReader(
            NamedFile file, ParquetFileReader reader, MessageColumnIO columns, RecordMaterializer<T> materializer) {
        this.file = file;
        this.reader = reader;
        this.columns = columns;
        this.materializer = materializer;
        this.sizeOfRow = sizeOfRow(reader.getRowGroups());
    }

    /**
     * Opens a file, and looks whether its columns fit.
     *
     * @throws IOException with the path and the reason, if it cannot be read as rows of this type
     */
    static <T extends Record> RowReader<T> open(NamedFile file, RowType<T> rows) throws IOException {
        ParquetFileReader reader = open(file.path());
        try {
            return open(file, reader, rows);
        } catch (Throwable e) {
            reader.close();
            throw e;
        }
    }

    private static <T extends Record> RowReader<T> open(NamedFile file, ParquetFileReader reader, RowType<T> rows)
            throws IOException {
        MessageType schema = reader.getFileMetaData().getSchema();
        ColumnCheck.check(file.path(), schema, rows.type());
        ReadSupport<T> support = new CarpetReadSupport<>(
                rows.type(), new CarpetReadConfiguration(true, true, true, FieldMatchingStrategy.FIELD_NAME));
        try {
            ParquetConfiguration configuration = new PlainParquetConfiguration();
            ReadContext context = support.init(new InitContext(configuration, Map.of(), schema));
            reader.setRequestedSchema(context.getRequestedSchema());
            return new RowReader<>(
                    file,
                    reader,
                    new ColumnIOFactory().getColumnIO(context.getRequestedSchema(), schema),
                    support.prepareForRead(configuration, Map.of(), schema, context));
        } catch (RuntimeException e) {
            throw new IOException(file.path() + ": " + e.getMessage(), e);
        }
    }

    /** What the footer of a file says besides. */
    static Map<String, String> notes(Path path) throws IOException {
        try (ParquetFileReader reader = open(path)) {
            return reader.getFileMetaData().getKeyValueMetaData();
        }
    }

    private static ParquetFileReader open(Path path) throws IOException {
        OpenFile file = OpenFile.open(path);
        ParquetReadOptions options = ParquetReadOptions.builder(new PlainParquetConfiguration())
                .usePageChecksumVerification(true)
                .withCodecFactory(new Codecs())
                .build();
        ParquetFileReader reader;
        try {
            reader = ParquetFileReader.open(file, options);
        } catch (IOException | RuntimeException e) {
            file.channel().close();
            throw new IOException(path + ": its footer cannot be read", e);
        }
        try {
            ChunkCheck.check(path, file.getLength(), reader.getRowGroups());
            return reader;
        } catch (IOException | RuntimeException e) {
            reader.close();
            throw e;
        }
    }

    /** About how many bytes a row has, unpacked. */
    private static int sizeOfRow(List<BlockMetaData> groups) {
        long bytes = 0;
        long rows = 0;
        for (BlockMetaData group : groups) {
            bytes += group.getTotalByteSize();
            rows += group.getRowCount();
        }
        return (int) Math.max(0, Math.min(Integer.MAX_VALUE, bytes / Math.max(1, rows)));
    }

    @Override
    public @Nullable PipelineRecord<T> next() throws IOException {
        try {
            while (leftInGroup == 0) {
                PageReadStore pages = reader.readNextRowGroup();
                if (pages == null) {
                    return null;
                }
                group = columns.getRecordReader(pages, materializer);
                leftInGroup = pages.getRowCount();
            }
            T row = Objects.requireNonNull(group).read();
            leftInGroup--;
            return PipelineRecord.of(row, file.name(), number++).withSize(sizeOfRow);
        } catch (IOException | RuntimeException e) {
            throw new IOException(
                    file.path() + ": row " + number + " cannot be read: "
                            + rootOf(e).getMessage(),
                    e);
        }
    }

    private static Throwable rootOf(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
