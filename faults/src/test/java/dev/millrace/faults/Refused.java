package dev.millrace.faults;

/**
 * A way in which no server should be spoken to.
 *
 * @param what how tests are named by it
 * @param connector that tries
 * @param reason part of what it must say then
 */
record Refused<T>(String what, T connector, String reason) {

    @Override
    public String toString() {
        return what;
    }
}
