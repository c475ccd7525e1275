package dev.millrace.pipeline;

/** What no stage and no policy may take for the failure of a record. */
final class Fatal {

    private Fatal() {}

    /** As the engine has it: a JVM that is out of memory or broken can promise nothing; a stack may overflow. */
    static void rethrow(Throwable failure) {
        if (failure instanceof VirtualMachineError fatal && !(failure instanceof StackOverflowError)) {
            throw fatal;
        }
    }
}
