package dev.millrace.http;

/**
 * A service has answered what its decoder does not take. A failure of the record, since the next answer may be whole.
 */
final class UndecodableAnswerException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UndecodableAnswerException(String message) {
        super(message);
    }
}
