/** Writes and looks up Apache Cassandra tables. */
module dev.millrace.cassandra {
    requires transitive dev.millrace.pipeline;
    requires transitive java.driver.core;
    requires com.github.benmanes.caffeine;
    requires static transitive org.jspecify;
}
