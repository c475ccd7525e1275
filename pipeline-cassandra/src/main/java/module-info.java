/** Pipelines into and out of Apache Cassandra; begin with {@link dev.millrace.cassandra.Cassandra}. */
module dev.millrace.cassandra {
    requires transitive dev.millrace.pipeline;
    requires transitive java.driver.core;
    requires dev.millrace.cache;
    requires static transitive org.jspecify;

    exports dev.millrace.cassandra;
    exports dev.millrace.cassandra.internal to
            java.driver.core;
}
