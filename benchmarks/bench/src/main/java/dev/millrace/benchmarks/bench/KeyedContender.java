package dev.millrace.benchmarks.bench;

import java.util.List;

/**
 * Somebody who works on many keys at once.
 *
 * @param title as the tables have it
 * @param program its code
 * @param keepsOrder whether records of one key must come in their order
 */
record KeyedContender(String title, Program program, boolean keepsOrder) {

    /** Ours is the first. */
    static final List<KeyedContender> CONTENDERS = List.of(
            new KeyedContender("Millrace, PER_KEY", Program.of("millrace", "millrace.Keyed"), true),
            new KeyedContender("parallel-consumer, KEY", Program.of("parallel-consumer", "parallel.Keyed"), true),
            new KeyedContender("loop without any order", Program.of("hand-written", "handwritten.Unordered"), false));

    boolean isMillrace() {
        return program.module().equals("millrace");
    }
}
