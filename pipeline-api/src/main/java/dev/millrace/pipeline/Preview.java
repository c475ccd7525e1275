package dev.millrace.pipeline;

import dev.millrace.pipeline.TableRow.Cell;
import dev.millrace.pipeline.record.SourcePosition;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What each stage of a pipeline made of the first records of its source: the answer of {@link Pipeline#preview}.
 *
 * <p>Immutable, as far as the values of the pipeline are. {@link #table()} and {@link #printTo} show values, the rest
 * of its texts do not.
 *
 * @param pipeline name of the pipeline
 * @param stages names of its stages, in their order
 * @param records what became of each record, in the order in which the source gave them
 * @param end why there are no more of them
 * @param failure what kept the source from giving more, where something did
 */
public record Preview(
        String pipeline, List<String> stages, List<RecordView> records, End end, Optional<Throwable> failure) {

    /** The name of its column, which no stage can have. */
    private static final String POSITION = "";

    /** Why a preview has ended. */
    public enum End {
        /** It has as many records as were asked for. */
        COMPLETE,
        /** The source has no more. */
        END_OF_SOURCE,
        /** The time was over; also where the thread was interrupted. */
        TIMEOUT,
        /** The source could not go on; see {@link Preview#failure()}. */
        SOURCE_FAILED
    }

    /** What a stage made of a value. */
    public sealed interface Outcome {}

    /**
     * This value, which goes on to the next stage. A {@code batch} makes the same list of each of its records; of a
     * sink it is what it would be given to write.
     *
     * @param value what was made
     */
    public record Made(Object value) implements Outcome {

        /** Its class; the value is payload. */
        @Override
        public String toString() {
            return "Made[" + value.getClass().getName() + "]";
        }
    }

    /**
     * This key for the value, which goes on.
     *
     * @param key what was made
     */
    public record Keyed(Object key) implements Outcome {

        /** Its class; the key may be payload. */
        @Override
        public String toString() {
            return "Keyed[" + key.getClass().getName() + "]";
        }
    }

    /**
     * Nothing, on purpose: by a filter, an inner join without an answer, a decoder, a {@code flatMap} to nothing, or a
     * limit that is reached.
     */
    public record Dropped() implements Outcome {}

    /**
     * Nothing, since it failed. The failure policy is not followed, and nothing is tried again.
     *
     * @param cause as a dead letter would have it
     */
    public record Failed(Throwable cause) implements Outcome {

        /** The class of the cause, of which the message may hold payload. */
        @Override
        public String toString() {
            return "Failed[" + cause.getClass().getName() + "]";
        }
    }

    /**
     * What became of one record.
     *
     * @param position where the source holds it
     * @param rows one for each value that it ended as, with what stages made by their names; of values with a common
     *     past only the first row has that
     */
    public record RecordView(SourcePosition position, List<Map<String, Outcome>> rows) {

        /** Copies the rows. */
        public RecordView {
            Objects.requireNonNull(position, "position");
            rows = rows.stream()
                    .map(row -> Collections.unmodifiableMap(new LinkedHashMap<>(row)))
                    .toList();
        }

        /** All that a stage made of it; empty where nothing of it came there. */
        public List<Outcome> at(String stage) {
            return rows.stream()
                    .filter(row -> row.containsKey(stage))
                    .map(row -> row.get(stage))
                    .toList();
        }
    }

    /** Copies the lists. */
    public Preview {
        Objects.requireNonNull(pipeline, "pipeline");
        stages = List.copyOf(stages);
        records = List.copyOf(records);
    }

    /**
     * What became of the record at a position.
     *
     * @throws NoSuchElementException if it is not among those previewed
     */
    public RecordView record(SourcePosition position) {
        return records.stream()
                .filter(record -> record.position().equals(position))
                .findFirst()
                .orElseThrow(() -> new NoSuchElementException("there is no record " + position));
    }

    /**
     * As a table, with a column for each stage. {@code =} stands for a value that a stage let through as it was.
     * Nothing in it can command a terminal.
     */
    public String table() {
        return table(TableLayout.UNLIMITED);
    }

    /** Prints the {@linkplain #table() table}, on a terminal cut to its width. The stream is flushed, not closed. */
    public void printTo(PrintStream out) {
        OptionalInt width = Terminal.width(out);
        out.print(table(width.orElse(TableLayout.UNLIMITED)));
        out.flush();
    }

    private String table(int width) {
        List<Map<String, Cell>> rows = new ArrayList<>();
        for (RecordView record : records) {
            String position = record.position().toString();
            for (Map<String, Outcome> row : record.rows()) {
                rows.add(cells(position, row));
                position = "";
            }
        }
        TableLayout layout = new TableLayout(width);
        Map<String, Cell> columns = new LinkedHashMap<>();
        columns.put(POSITION, new Cell("", false));
        stages.forEach(stage -> columns.put(stage, new Cell("", false)));
        List<Map<String, Cell>> all = new ArrayList<>(rows);
        all.add(0, columns);
        layout.fit(all);
        StringBuilder text = new StringBuilder();
        layout.header().forEach(line -> text.append(line).append(System.lineSeparator()));
        rows.forEach(row -> text.append(layout.line(row)).append(System.lineSeparator()));
        return text.append(summary()).append(System.lineSeparator()).toString();
    }

    private static Map<String, Cell> cells(String position, Map<String, Outcome> row) {
        Map<String, Cell> cells = new LinkedHashMap<>();
        cells.put(POSITION, new Cell(position, false));
        @Nullable Object last = null;
        for (Map.Entry<String, Outcome> entry : row.entrySet()) {
            cells.put(entry.getKey(), new Cell(text(entry.getValue(), last), false));
            last = entry.getValue() instanceof Made made ? made.value() : last;
        }
        return cells;
    }

    @SuppressWarnings("ReferenceEquality") // an equal value that was made anew is worth showing
    private static String text(Outcome outcome, @Nullable Object last) {
        if (outcome instanceof Made made) {
            return made.value() == last ? "=" : CellText.of(made.value());
        } else if (outcome instanceof Keyed keyed) {
            return "key " + CellText.of(keyed.key());
        }
        return outcome instanceof Failed failed ? "failed: " + failed.cause() : "dropped";
    }

    private String summary() {
        String count = records.size() + (records.size() == 1 ? " record" : " records");
        return count
                + switch (end) {
                    case COMPLETE -> "";
                    case END_OF_SOURCE -> ", all that the source has";
                    case TIMEOUT -> ", then the time was over";
                    case SOURCE_FAILED -> ", then the source failed";
                }
                + failure.map(cause -> ": " + CellText.shown(cause.toString(), TableLayout.UNLIMITED))
                        .orElse("");
    }

    /** Pipeline, count and end; no values. */
    @Override
    public String toString() {
        return "Preview[" + pipeline + ", " + records.size() + " records, " + end + "]";
    }
}
