package dev.millrace.examples.logins;

import dev.millrace.cassandra.Cassandra;
import dev.millrace.kafka.JsonSerde;
import dev.millrace.kafka.Kafka;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sinks;
import java.io.PrintStream;
import java.time.Duration;

/** The job itself: logins from Kafka, joined with the table of users, back into that table. */
final class LoginsPipeline {

    private LoginsPipeline() {}

    static Pipeline of(Kafka kafka, Cassandra cassandra, Duration freshness, PrintStream console) {
        // docs:begin
        return Pipeline.named("logins")
                .from(kafka.source("logins", JsonSerde.of(Login.class)))
                .enrichOrDrop(
                        cassandra
                                .table("spark_db.users", User.class)
                                .keyedBy("login_id")
                                .freshFor(freshness),
                        Login::loginId,
                        LastLogin::of)
                .alsoTo(Sinks.table(console))
                .to(cassandra.sink("spark_db.users", LastLogin.class).writtenAt(LastLogin::lastLogin));
        // docs:end
    }
}
