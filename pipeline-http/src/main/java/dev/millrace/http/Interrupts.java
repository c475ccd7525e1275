package dev.millrace.http;

/** What becomes of an interruption of a user's function. */
final class Interrupts {

    private Interrupts() {}

    /** Lets whoever owns the thread see it, for the exception that said so goes no further. */
    static void keep(Exception failure) {
        if (failure instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
    }
}
