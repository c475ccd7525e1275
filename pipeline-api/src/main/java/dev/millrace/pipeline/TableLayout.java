package dev.millrace.pipeline;

import dev.millrace.pipeline.TableRow.Cell;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which columns a table has and how wide they are. They make room for what comes later, so that it is aligned with what
 * has been printed for as long as it fits.
 */
final class TableLayout {

    /** No limit to the width of a line. */
    static final int UNLIMITED = Integer.MAX_VALUE;

    private static final String GAP = "  ";
    private static final int NARROWEST = 3;

    private final int limit;
    private final Map<String, Column> columns = new LinkedHashMap<>();

    /** Makes one for lines of at most that many columns of a terminal. */
    TableLayout(int limit) {
        this.limit = limit;
    }

    private static final class Column {
        private int wanted;
        private int width;
        private boolean isNumeric = true;
    }

    /** Takes rows into account; true if columns have come or grown, so that a header is due. */
    boolean fit(List<Map<String, Cell>> rows) {
        List<Integer> before = widths();
        for (Map<String, Cell> row : rows) {
            row.forEach((name, cell) -> {
                Column column = columns.computeIfAbsent(name, added -> new Column());
                int needed = Math.max(widthOf(name), widthOf(cell.text()));
                if (needed > column.wanted) {
                    // What has grown once will do so again; a header for each time would be too many.
                    column.wanted = before.isEmpty() ? needed : needed + needed / 4;
                }
                column.isNumeric &= cell.mayBeNumber();
            });
        }
        columns.values().forEach(column -> column.width = column.wanted);
        shrink();
        return !widths().equals(before);
    }

    private List<Integer> widths() {
        return columns.values().stream().map(column -> column.width).toList();
    }

    private int widthOf(String text) {
        return CellText.width(CellText.shown(text, limit));
    }

    /** Takes from the widest until a line fits; what is still too wide then is cut off. */
    private void shrink() {
        while (lineWidth() > limit) {
            Column widest = null;
            for (Column column : columns.values()) {
                if (column.width > NARROWEST && (widest == null || column.width > widest.width)) {
                    widest = column;
                }
            }
            if (widest == null) {
                return;
            }
            widest.width--;
        }
    }

    private long lineWidth() {
        long width = (long) GAP.length() * (columns.size() - 1);
        for (Column column : columns.values()) {
            width += column.width;
        }
        return width;
    }

    /** The names of the columns, and a rule below. */
    List<String> header() {
        List<String> names = new ArrayList<>();
        List<String> rules = new ArrayList<>();
        columns.forEach((name, column) -> {
            names.add(padded(column, name));
            rules.add("-".repeat(column.width));
        });
        return List.of(line(names), line(rules));
    }

    /** One row; a column that it does not have stays blank. */
    String line(Map<String, Cell> row) {
        List<String> cells = new ArrayList<>();
        columns.forEach((name, column) -> {
            @Nullable Cell cell = row.get(name);
            cells.add(padded(column, cell == null ? "" : cell.text()));
        });
        return line(cells);
    }

    private String line(List<String> cells) {
        return CellText.shown(String.join(GAP, cells).stripTrailing(), limit);
    }

    private static String padded(Column column, String text) {
        String shown = CellText.shown(text, column.width);
        String blank = " ".repeat(Math.max(0, column.width - CellText.width(shown)));
        return column.isNumeric ? blank + shown : shown + blank;
    }
}
