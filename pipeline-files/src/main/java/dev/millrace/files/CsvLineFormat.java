package dev.millrace.files;

import dev.millrace.pipeline.spi.RefusedRecordException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandle;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.commons.csv.CSVFormat;
import org.jspecify.annotations.Nullable;

/** Records as rows of CSV, as a source of the same format reads them: what is written is read back as it was. */
final class CsvLineFormat<T extends Record> implements LineFormat<T> {

    private static final int MOST_BYTES_OF_A_CHARACTER = 3;

    private final Class<T> type;
    private final CsvFormat format;
    private final CSVFormat printer;
    private final List<RecordComponents.Part> parts;
    private final List<MethodHandle> accessors;
    private final byte[] header;

    /**
     * Rows of a record type.
     *
     * @throws IllegalArgumentException if a component has a type that text does not convert to, the record is closed,
     *     or the names of its components cannot be written in this format
     */
    CsvLineFormat(Class<T> type, CsvFormat format) {
        this.type = type;
        this.format = format;
        this.printer = format.printer();
        this.parts = RecordComponents.of(type);
        this.accessors = RecordComponents.accessors(type);
        this.header = format.hasHeader() ? names() : new byte[0];
    }

    private byte[] names() {
        CsvLine line = new CsvLine(format, printer);
        try {
            parts.forEach(part -> line.addName(part.name()));
            return line.end();
        } catch (RefusedRecordException e) {
            throw new IllegalArgumentException("the header cannot be written: " + e.getMessage(), e);
        }
    }

    @Override
    public String kind() {
        return "CSV file";
    }

    @Override
    public byte[] header() {
        return header.clone();
    }

    @Override
    public byte[] line(T value) {
        CsvLine line = new CsvLine(format, printer);
        for (int i = 0; i < accessors.size(); i++) {
            line.add(parts.get(i).name(), text(i, value));
        }
        if (line.isBlank()) {
            throw new RefusedRecordException("column '" + parts.get(0).name()
                    + "' must not be null: it is the only one, and a blank line no row");
        }
        return line.end();
    }

    private @Nullable String text(int index, T value) {
        Object component = component(index, value);
        if (component instanceof Optional<?> optional) {
            component = optional.orElse(null);
        }
        if (component == null) {
            return null;
        }
        String text = component instanceof Enum<?> constant ? constant.name() : component.toString();
        if (!component.equals(parts.get(index).conversion().convert(text))) {
            // Such as a NaN.
            throw new RefusedRecordException(
                    "column '" + parts.get(index).name() + "' must hold what can be read back");
        }
        return text;
    }

    private @Nullable Object component(int index, T value) {
        try {
            return accessors.get(index).invokeExact((Object) value);
        } catch (Error e) {
            throw e;
        } catch (Throwable e) {
            throw new RefusedRecordException(
                    "component '" + parts.get(index).name() + "' of " + type.getSimpleName() + " threw "
                            + e.getClass().getName(),
                    e);
        }
    }

    @Override
    public int maxLength() {
        return MOST_BYTES_OF_A_CHARACTER * format.maxLength();
    }

    @Override
    public long wholeEnd(FileInput file, FileChannel channel) throws IOException {
        if (channel.size() == 0 || isTornHeader(file)) {
            return 0;
        }
        long torn = tornLine(file, channel);
        if (torn == 0) {
            return channel.size();
        }
        if (torn == 1 && format.hasHeader()) {
            throw new IOException(file.name() + " line 1: has no line end, and is left alone");
        }
        try (InputStream content = file.open()) {
            return WholeLines.beginning(content, torn);
        }
    }

    private boolean isTornHeader(FileInput file) throws IOException {
        try (InputStream content = file.open()) {
            byte[] beginning = content.readNBytes(header.length);
            return beginning.length < header.length
                    && Arrays.equals(beginning, Arrays.copyOf(header, beginning.length));
        }
    }

    /** The line where a last row begins that has no end, or whose quote is open; 0 if there is none. */
    private long tornLine(FileInput file, FileChannel channel) throws IOException {
        try (CsvRows rows = CsvRows.open(file, format, new CsvHeaderCheck(parts))) {
            CsvRow first = null;
            long last = 1;
            try {
                for (CsvRow row = rows.next(); row != null; row = rows.next()) {
                    first = first == null ? row : first;
                    last = row.line();
                }
            } catch (IOException e) {
                if (rows.unclosed() == 0) {
                    throw e;
                }
            }
            long torn = WholeLines.isLastEnded(channel) ? 0 : last;
            torn = rows.unclosed() > 0 ? rows.unclosed() : torn;
            if (!format.hasHeader() && first != null && first.problem() != null && first.line() != torn) {
                throw new IOException(first + ": " + first.problem() + ", nothing is added to such rows");
            }
            return torn;
        }
    }

    /** Never: {@code Oslo,1} may be what is left of {@code Oslo,12}. */
    @Override
    public boolean isWhole(byte[] tail) {
        return false;
    }
}
