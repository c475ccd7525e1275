package dev.millrace.files;

import dev.millrace.pipeline.record.PipelineRecord;
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
        String place(PipelineRecord<byte[]> raw) {
            return raw.partition() + " line " + raw.offset();
        }

        @Override
        String root(PipelineRecord<byte[]> raw) {
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
        String place(PipelineRecord<byte[]> raw) {
            return raw.partition() + " " + raw.key();
        }

        @Override
        String root(PipelineRecord<byte[]> raw) {
            return "$[" + raw.offset() + "]";
        }
    };

    /** The values as they stand, of a longer one {@code maxLength + 1} bytes. */
    abstract Items<byte[]> open(FileInput file, int maxLength) throws IOException;

    /** Where a value begins, for messages. */
    abstract String place(PipelineRecord<byte[]> raw);

    /** How the path of something within the value begins. */
    abstract String root(PipelineRecord<byte[]> raw);
}
