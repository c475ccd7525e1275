package dev.millrace.files;

import dev.millrace.pipeline.spi.RefusedRecordException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.QuoteMode;
import org.jspecify.annotations.Nullable;

/** Records as rows of CSV, as {@link CsvSource} reads them by default: what is written is read back as it was. */
final class CsvLineFormat<T extends Record> implements LineFormat<T> {

    private static final int MAX_CHARACTERS = CsvFormat.DEFAULT.maxRowLength();
    private static final int MOST_BYTES_OF_A_CHARACTER = 3;
    private static final CSVFormat QUOTES =
            CSVFormat.RFC4180.builder().setQuoteMode(QuoteMode.MINIMAL).get();

    private final Class<T> type;
    private final List<RecordComponents.Part> parts;
    private final List<MethodHandle> accessors;

    /**
     * Rows of a record type.
     *
     * @throws IllegalArgumentException if a component has a type that text does not convert to, or the record is closed
     */
    CsvLineFormat(Class<T> type) {
        this.type = type;
        this.parts = RecordComponents.of(type);
        this.accessors = RecordComponents.accessors(type);
    }

    @Override
    public String kind() {
        return "CSV file";
    }

    @Override
    public byte[] header() {
        String names = parts.stream().map(RecordComponents.Part::name).collect(Collectors.joining(","));
        return (names + "\n").getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public byte[] line(T value) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < accessors.size(); i++) {
            if (i > 0) {
                line.append(',');
            }
            String text = text(i, value);
            if (text != null) {
                quote(text, line);
            }
        }
        if (line.isEmpty()) {
            throw new RefusedRecordException("column '" + parts.get(0).name()
                    + "' must not be null: it is the only one, and a blank line no row");
        }
        if (line.length() > MAX_CHARACTERS) {
            throw new RefusedRecordException(
                    "a row must not be longer than " + MAX_CHARACTERS + " characters, got " + line.length());
        }
        return bytes(line.append('\n'));
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

    private static void quote(String text, StringBuilder line) {
        try {
            // As if it were the first of a row: so that an empty text is in quotes, and told from none.
            QUOTES.print(text, line, true);
        } catch (IOException e) {
            throw new IllegalStateException("a StringBuilder throws no IOException", e);
        }
    }

    private static byte[] bytes(CharSequence line) {
        try {
            ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(line));
            byte[] bytes = new byte[encoded.remaining()];
            encoded.get(bytes);
            return bytes;
        } catch (CharacterCodingException e) {
            throw new RefusedRecordException("a text must be Unicode, half of a surrogate pair is not");
        }
    }

    @Override
    public int maxLength() {
        return MOST_BYTES_OF_A_CHARACTER * MAX_CHARACTERS;
    }

    @Override
    public long wholeEnd(FileInput file, FileChannel channel) throws IOException {
        if (isTornHeader(file)) {
            return 0;
        }
        long torn = tornLine(file, channel);
        if (torn == 0) {
            return channel.size();
        }
        if (torn == 1) {
            throw new IOException(file.name() + " line 1: has no line end, and is left alone");
        }
        try (InputStream content = file.open()) {
            return WholeLines.beginning(content, torn);
        }
    }

    private boolean isTornHeader(FileInput file) throws IOException {
        byte[] header = header();
        try (InputStream content = file.open()) {
            byte[] beginning = content.readNBytes(header.length);
            return beginning.length < header.length
                    && Arrays.equals(beginning, Arrays.copyOf(header, beginning.length));
        }
    }

    /** The line where a last row begins that has no end, or whose quote is open; 0 if there is none. */
    private long tornLine(FileInput file, FileChannel channel) throws IOException {
        try (CsvRows rows = CsvRows.open(file, CsvFormat.DEFAULT, new HeaderCheck(parts))) {
            long last = 1;
            try {
                for (CsvRow row = rows.next(); row != null; row = rows.next()) {
                    last = row.line();
                }
            } catch (IOException e) {
                if (rows.unclosed() == 0) {
                    throw e;
                }
            }
            if (rows.unclosed() > 0) {
                return rows.unclosed();
            }
            return WholeLines.isLastEnded(channel) ? 0 : last;
        }
    }

    /** Never: {@code Oslo,1} may be what is left of {@code Oslo,12}. */
    @Override
    public boolean isWhole(byte[] tail) {
        return false;
    }

    /** Of what the file holds nothing is told: where it has no header, that is data. */
    private record HeaderCheck(List<RecordComponents.Part> parts) implements RowMapper<Void> {

        @Override
        public int width() {
            return parts.size();
        }

        @Override
        public void check(Columns columns) {
            if (columns.width() != parts.size()) {
                throw new IllegalArgumentException(
                        "rows of " + parts.size() + " columns cannot be added to " + columns.width() + " columns");
            }
            for (int i = 0; i < parts.size(); i++) {
                if (columns.indexFor(parts.get(i).name()) != i) {
                    throw new IllegalArgumentException(
                            "column " + (i + 1) + " must be '" + parts.get(i).name() + "' for rows to be added");
                }
            }
        }

        @Override
        public Void map(CsvRow row) {
            throw new UnsupportedOperationException();
        }
    }
}
