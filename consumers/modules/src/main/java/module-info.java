module readings {
    requires dev.millrace.cassandra;
    requires dev.millrace.files;
    requires dev.millrace.kafka;
    requires dev.millrace.state;

    // Whose records are read and written by their components.
    opens readings;
}
