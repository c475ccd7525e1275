/** Real servers for tests and examples of Millrace pipelines. */
module dev.millrace.testkit {
    requires eu.maveniverse.maven.mima.context;
    requires org.apache.maven.resolver;
    requires static transitive org.jspecify;
    requires static transitive org.junit.jupiter.api;

    exports dev.millrace.testkit;
}
