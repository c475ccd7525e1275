package dev.millrace.testkit.contract;

/** How a contract takes away the system behind a connector, and gives it back. */
public interface Outage {

    /** The system cannot be reached from now on; returns once that is so. */
    void begin() throws Exception;

    /** It can be reached again; returns once that is so. */
    void end() throws Exception;
}
