package dev.millrace.files;

import java.util.List;

/**
 * Looks whether rows can be added to a file. Of what it holds nothing is told: where it has no header, that is data.
 */
record CsvHeaderCheck(List<RecordComponents.Part> parts) implements RowMapper<Void> {

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
        for (int i = 0; columns.areNamed() && i < parts.size(); i++) {
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
