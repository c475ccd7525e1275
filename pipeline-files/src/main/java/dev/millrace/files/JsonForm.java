package dev.millrace.files;

import dev.millrace.files.internal.Items;
import dev.millrace.json.JsonRefusedException;
import java.io.IOException;

/** How a file holds JSON values. */
enum JsonForm {
    /** A value a line. */
    LINES {
        @Override
        Items<byte[]> open(FileInput file, int maxLength) throws IOException {
            return new JsonLines(file.name(), Utf8.open(file), maxLength);
        }

        @Override
        String place(long offset) {
            return "line " + (offset + 1);
        }

        @Override
        String problem(long offset, JsonRefusedException e) {
            String column = e.column() == 0 ? "" : " (column " + e.column() + ")";
            return place(offset) + ": " + e.getMessage() + column;
        }
    },
    /** All values in one array. */
    ARRAY {
        @Override
        Items<byte[]> open(FileInput file, int maxLength) throws IOException {
            return JsonElements.open(file, maxLength);
        }

        @Override
        String place(long offset) {
            return "$[" + offset + "]";
        }

        @Override
        String problem(long offset, JsonRefusedException e) {
            return e.problem(place(offset));
        }
    };

    /** The values as they stand, of a longer one {@code maxLength + 1} bytes. */
    abstract Items<byte[]> open(FileInput file, int maxLength) throws IOException;

    /** Where in its file a value is, for messages. */
    abstract String place(long offset);

    /** What is wrong with a value, and where, after the name of the file. */
    abstract String problem(long offset, JsonRefusedException e);
}
