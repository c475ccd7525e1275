package dev.millrace.files;

import dev.millrace.pipeline.spi.RefusedRecordException;
import org.jspecify.annotations.Nullable;

/** A row that is refused, and where it is. */
final class RefusedRowException extends RefusedRecordException {

    private static final long serialVersionUID = 1L;

    RefusedRowException(CsvRow row, String problem) {
        this(row, problem, null);
    }

    RefusedRowException(CsvRow row, String problem, @Nullable Throwable cause) {
        super(row + ": " + problem, cause);
    }
}
