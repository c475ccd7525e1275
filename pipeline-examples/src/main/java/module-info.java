/** Pipelines to run and to read. */
module dev.millrace.examples {
    requires HdrHistogram;
    requires dev.millrace.cassandra;
    requires dev.millrace.files;
    requires dev.millrace.http;
    requires dev.millrace.kafka;
    requires dev.millrace.pipeline;
    requires dev.millrace.testkit;
    requires info.picocli;
    requires java.driver.core;
    requires java.logging;
    requires jdk.httpserver;
    requires kafka.clients;
    requires net.datafaker;
    requires org.apache.commons.csv;
    requires static org.jspecify;

    opens dev.millrace.examples to
            info.picocli;
    opens dev.millrace.examples.activity to
            info.picocli,
            dev.millrace.pipeline,
            com.fasterxml.jackson.databind;
    opens dev.millrace.examples.logins to
            info.picocli,
            dev.millrace.cassandra,
            dev.millrace.pipeline,
            com.fasterxml.jackson.databind;
    opens dev.millrace.examples.ratings to
            info.picocli,
            dev.millrace.cassandra,
            dev.millrace.files,
            com.fasterxml.jackson.databind;
    opens dev.millrace.examples.weather to
            info.picocli,
            dev.millrace.cassandra,
            dev.millrace.files,
            com.fasterxml.jackson.databind;
}
