module readings {
    requires dev.millrace.cassandra;
    requires dev.millrace.files;
    requires dev.millrace.kafka;
    requires dev.millrace.state;
    // By which the clients of Kafka and Cassandra log, and SQLite: as a module, in version 2.
    requires org.slf4j;

    // Whose records are read and written by their components.
    opens readings;
}
