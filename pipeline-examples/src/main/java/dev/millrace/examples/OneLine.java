package dev.millrace.examples;

/** Tells a failure in one line. */
final class OneLine {

    private OneLine() {}

    static String of(Throwable failure) {
        String message = failure.getMessage();
        String line = message == null || message.isBlank() ? failure.getClass().getName() : message;
        return line.lines().map(String::strip).reduce((a, b) -> a + " " + b).orElse(line);
    }
}
