package dev.millrace.examples.guide;

/** What the pages' pipelines are about. */
record Order(String customer, String product, int pieces) {

    /** Of a line such as {@code ada,lamp,2}. */
    static Order parse(String line) {
        String[] fields = line.split(",", -1);
        return new Order(fields[0], fields[1], Integer.parseInt(fields[2]));
    }
}
