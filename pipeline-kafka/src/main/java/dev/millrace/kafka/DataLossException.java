package dev.millrace.kafka;

/** Records are gone that were not read. */
final class DataLossException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    DataLossException(String message) {
        super(message);
    }
}
