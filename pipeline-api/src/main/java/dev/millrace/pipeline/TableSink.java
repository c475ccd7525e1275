package dev.millrace.pipeline;

import dev.millrace.pipeline.spi.Sink;
import dev.millrace.pipeline.spi.SinkWriter;
import dev.millrace.pipeline.spi.StageContext;
import java.io.PrintStream;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * Prints values as the rows of a table, for people to look at: made by {@link Sinks#table}.
 *
 * <p>The columns are the components of a record or the entries of a map; any other value has one column, as has a
 * record of a module that does not open it to this one. The header is printed before the first row, and again when
 * columns come or grow. {@code null} is printed as such, a column that a value does not have stays blank, and bytes are
 * printed as text where they are UTF-8. Control characters, those that turn the direction of writing and others that
 * cannot be seen are printed as escapes such as <code>&#92;u001b</code>, so that no value can command a terminal.
 *
 * <p>On a terminal, lines are cut to its width: the widest columns first, each with a {@code …} where something is
 * missing. Anywhere else, such as in a pipe or a file, nothing is cut, and columns are parted by a tab rather than
 * aligned.
 *
 * <p>Immutable and thread-safe; each method returns a changed copy. A value whose accessors or {@code toString} throw
 * has failed; a stream that takes no more, as when a pipe has been closed, ends the pipeline in FAILED. The stream is
 * never closed.
 */
public final class TableSink implements Sink<Object> {

    private final PrintStream out;
    private final boolean isWidthGiven;
    private final OptionalInt width;

    private TableSink(PrintStream out, boolean isWidthGiven, OptionalInt width) {
        this.out = out;
        this.isWidthGiven = isWidthGiven;
        this.width = width;
    }

    static TableSink to(PrintStream out) {
        return new TableSink(Objects.requireNonNull(out, "out"), false, OptionalInt.empty());
    }

    /** Aligns columns but cuts nothing, whatever the stream goes to. */
    public TableSink untruncated() {
        return new TableSink(out, true, OptionalInt.of(TableLayout.UNLIMITED));
    }

    /** Aligns columns and cuts lines to that width, whatever the stream goes to. */
    public TableSink width(int columns) {
        if (columns < 1) {
            throw new IllegalArgumentException("columns must be positive, got " + columns);
        }
        return new TableSink(out, true, OptionalInt.of(columns));
    }

    @Override
    public SinkWriter<Object> open(StageContext context) {
        TableWriter table = new TableWriter(out, isWidthGiven ? width : Terminal.width(out));
        return batch -> context.blocking(() -> table.write(batch));
    }

    @Override
    public String describe() {
        return "table";
    }
}
