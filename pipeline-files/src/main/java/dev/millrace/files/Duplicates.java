package dev.millrace.files;

/** What a table does with a key that occurs in several rows. */
public enum Duplicates {
    /** The table does not load; the error names the lines. */
    REFUSE,
    /** The row that comes first in the file counts. */
    FIRST_WINS,
    /** The row that comes last in the file counts. */
    LAST_WINS
}
