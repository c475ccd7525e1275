package dev.millrace.examples.service;

/** What is read and written. */
record Order(long number, String customer, int cents) {

    private static final int CUSTOMERS = 10;

    /** Made up, the same for the same number. */
    static Order sample(long number) {
        return new Order(number, "customer-" + number % CUSTOMERS, (int) (number * 37 % 10_000));
    }
}
