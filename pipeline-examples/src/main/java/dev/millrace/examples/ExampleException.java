package dev.millrace.examples;

/** What a user of an example is told in one line, without a stack trace. */
public final class ExampleException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** With the line. */
    public ExampleException(String message) {
        super(message);
    }
}
