/**
 * A driver that moves the time of Millrace pipelines, real servers for tests and examples of them, and the contracts
 * that connectors keep.
 *
 * <p>Maven's libraries, by which servers are found, share packages and cannot all be modules: leave on the class path
 * what this module does not require, as Maven does by itself.
 */
module dev.millrace.testkit {
    requires eu.maveniverse.maven.mima.context;
    requires org.apache.maven.resolver;
    requires static transitive dev.millrace.pipeline;
    requires static transitive org.jspecify;
    requires static transitive org.junit.jupiter.api;

    exports dev.millrace.testkit;
    exports dev.millrace.testkit.contract;
}
