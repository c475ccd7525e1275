package dev.millrace.files;

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
        String root(long offset) {
            return "$";
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
            return root(offset);
        }

        @Override
        String root(long offset) {
            return "$[" + offset + "]";
        }
    };

    /** The values as they stand, of a longer one {@code maxLength + 1} bytes. */
    abstract Items<byte[]> open(FileInput file, int maxLength) throws IOException;

    /** Where in its file a value is, for messages. */
    abstract String place(long offset);

    /** How the path of something within the value begins. */
    abstract String root(long offset);
}
