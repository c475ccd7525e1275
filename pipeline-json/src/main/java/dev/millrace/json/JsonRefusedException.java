package dev.millrace.json;

/**
 * A value that cannot be read or written, and what is wrong with it: by path, requirement and kind of value. It holds
 * none of the text and no exception of Jackson, whose messages quote it.
 */
public final class JsonRefusedException extends Exception {

    private static final long serialVersionUID = 1L;

    private final String problem;
    private final int line;
    private final int column;

    /**
     * A refusal.
     *
     * @param problem what follows the path of the value
     * @param line the first is 1; 0 where it is not known
     * @param column the first is 1; 0 where it is not known
     */
    JsonRefusedException(String problem, int line, int column) {
        // It is made into another one, with a trace of its own.
        super("$" + problem, null, false, false);
        this.problem = problem;
        this.line = line;
        this.column = column;
    }

    /** What is wrong, where the path of the value begins so. */
    public String problem(String root) {
        return root + problem;
    }

    /** The line within the value, the first being 1; 0 where it is not known. */
    public int line() {
        return line;
    }

    /** The column, the first being 1; 0 where it is not known. */
    public int column() {
        return column;
    }
}
