package dev.millrace.files;

/** What a table does with a key that occurs twice. */
public enum Duplicates {
    /** The row that comes first in the file counts. */
    FIRST_WINS,
    /** The row that comes last counts. */
    LAST_WINS,
    /** The table does not load; the message names both lines. */
    REFUSE
}
