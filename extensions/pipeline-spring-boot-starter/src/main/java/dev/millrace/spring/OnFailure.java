package dev.millrace.spring;

/** What becomes of the application when one of its pipelines ends in failure. */
enum OnFailure {
    /** It goes on, and the pipeline's health is DOWN. */
    KEEP_RUNNING,
    /** Its context is closed, which ends the other pipelines in good order; the JVM ends when nothing else keeps it. */
    CLOSE,
    /**
     * Its context is closed, then the JVM ends with exit code 1, or what the application's own exit codes make of it.
     */
    EXIT
}
