/** Reads and writes Apache Kafka topics. */
module dev.millrace.kafka {
    requires transitive dev.millrace.pipeline;
    requires transitive kafka.clients;
    requires com.fasterxml.jackson.databind;
    requires com.fasterxml.jackson.datatype.jsr310;
    requires static transitive org.jspecify;
}
