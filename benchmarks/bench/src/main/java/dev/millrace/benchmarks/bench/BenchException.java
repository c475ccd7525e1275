package dev.millrace.benchmarks.bench;

/** A run that does not count. */
final class BenchException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    BenchException(String message) {
        super(message);
    }

    static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new BenchException(otherwise);
        }
    }
}
