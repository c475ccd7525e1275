package dev.millrace.kafka;

/** A dead letter that no record can be made of again. */
final class MalformedLetterException extends Exception {

    private static final long serialVersionUID = 1L;

    MalformedLetterException(String message) {
        super(message);
    }
}
