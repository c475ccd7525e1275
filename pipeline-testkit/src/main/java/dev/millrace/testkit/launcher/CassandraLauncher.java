package dev.millrace.testkit.launcher;

/** Runs a Cassandra node in this JVM; by reflection, since Cassandra is on the child's class path only. */
final class CassandraLauncher {
    private CassandraLauncher() {}

    /** Returns once the node listens for CQL clients; Cassandra itself ends the JVM when it cannot start. */
    static void start() throws ReflectiveOperationException {
        Class.forName("org.apache.cassandra.service.CassandraDaemon")
                .getMethod("main", String[].class)
                .invoke(null, (Object) new String[0]);
    }
}
