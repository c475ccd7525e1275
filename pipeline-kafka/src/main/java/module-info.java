/**
 * Kafka for pipelines: topics as sources and sinks, dead letters, and JSON as a format. Begin with
 * {@link dev.millrace.kafka.Kafka}.
 */
module dev.millrace.kafka {
    requires transitive dev.millrace.pipeline;
    requires transitive kafka.clients;
    requires transitive com.fasterxml.jackson.databind;
    requires dev.millrace.json;
    requires static transitive org.jspecify;

    exports dev.millrace.kafka;
}
