package dev.millrace.benchmarks.bench;

/**
 * Something that runs in a JVM of its own.
 *
 * @param module the directory of its code
 * @param main its main class
 */
record Program(String module, String main) {

    private static final String PACKAGE = "dev.millrace.benchmarks.";

    /** A class of ours. */
    static Program of(String module, String main) {
        return new Program(module, PACKAGE + main);
    }

    @Override
    public String toString() {
        return main;
    }
}
