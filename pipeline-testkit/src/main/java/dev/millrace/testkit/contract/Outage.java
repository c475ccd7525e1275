package dev.millrace.testkit.contract;

import java.util.function.Consumer;

/** How a contract takes away the system behind a connector, and gives it back. */
public interface Outage {

    /** The system cannot be reached from now on; returns once that is so. */
    void begin() throws Exception;

    /** It can be reached again; returns once that is so. */
    void end() throws Exception;

    /**
     * Of a system that is part of the test: it is told {@code true} when it goes away, {@code false} when it is back.
     */
    static Outage of(Consumer<Boolean> away) {
        return new Outage() {
            @Override
            public void begin() {
                away.accept(true);
            }

            @Override
            public void end() {
                away.accept(false);
            }
        };
    }
}
