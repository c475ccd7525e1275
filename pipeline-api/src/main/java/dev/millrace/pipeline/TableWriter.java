package dev.millrace.pipeline;

import dev.millrace.pipeline.TableRow.Cell;
import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.StageFailedException;
import dev.millrace.pipeline.spi.WriteResult;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Prints batches as the rows of one table, each batch at once, so that what others print does not come in between. */
final class TableWriter {

    private final PrintStream out;
    private final @Nullable TableLayout layout;
    /** Those that have been printed, where they are not aligned. */
    private final Set<String> columns = new LinkedHashSet<>();

    /**
     * Makes one.
     *
     * @param width of a line at most; empty for columns that are parted by tabs
     */
    TableWriter(PrintStream out, OptionalInt width) {
        this.out = out;
        this.layout = width.isPresent() ? new TableLayout(width.getAsInt()) : null;
    }

    synchronized <T> WriteResult write(List<PipelineRecord<T>> batch) {
        List<Map<String, Cell>> rows = new ArrayList<>();
        WriteResult result = Sinks.writtenOneByOne(batch, value -> rows.add(TableRow.of(value)));
        List<String> lines = layout == null ? parted(rows) : aligned(layout, rows);
        out.print(lines.stream().map(line -> line + System.lineSeparator()).collect(Collectors.joining()));
        if (out.checkError()) {
            throw new StageFailedException("the stream that the table is printed to takes no more");
        }
        return result;
    }

    private static List<String> aligned(TableLayout layout, List<Map<String, Cell>> rows) {
        List<String> lines = new ArrayList<>();
        if (layout.fit(rows)) {
            lines.addAll(layout.header());
        }
        rows.forEach(row -> lines.add(layout.line(row)));
        return lines;
    }

    private List<String> parted(List<Map<String, Cell>> rows) {
        List<String> lines = new ArrayList<>();
        boolean hasNew = false;
        for (Map<String, Cell> row : rows) {
            hasNew |= columns.addAll(row.keySet());
        }
        if (hasNew) {
            lines.add(parted(columns));
        }
        for (Map<String, Cell> row : rows) {
            lines.add(parted(columns.stream()
                    .map(name -> row.containsKey(name) ? row.get(name).text() : "")
                    .toList()));
        }
        return lines;
    }

    private static String parted(Iterable<String> texts) {
        List<String> shown = new ArrayList<>();
        texts.forEach(text -> shown.add(CellText.shown(text, TableLayout.UNLIMITED)));
        return String.join("\t", shown);
    }
}
