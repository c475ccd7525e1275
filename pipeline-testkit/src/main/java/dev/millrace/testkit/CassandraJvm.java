package dev.millrace.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Options of a node's JVM: what Cassandra needs opened of the JDK, and what spares a test the waits of a cluster. */
final class CassandraJvm {
    static final List<String> OPTIONS = options();

    private CassandraJvm() {}

    private static List<String> options() {
        List<String> options = new ArrayList<>();
        Stream.of(
                        "java.base/jdk.internal.misc",
                        "java.base/jdk.internal.ref",
                        "java.management.rmi/com.sun.jmx.remote.internal.rmi",
                        "java.rmi/sun.rmi.registry",
                        "java.rmi/sun.rmi.server",
                        "java.sql/java.sql")
                .forEach(name -> options.add("--add-exports=" + name + "=ALL-UNNAMED"));
        Stream.of(
                        "java.base/java.io",
                        "java.base/java.lang",
                        "java.base/java.lang.module",
                        "java.base/java.lang.reflect",
                        "java.base/java.nio",
                        "java.base/java.util",
                        "java.base/jdk.internal.loader",
                        "java.base/jdk.internal.math",
                        "java.base/jdk.internal.module",
                        "java.base/jdk.internal.ref",
                        "java.base/jdk.internal.reflect",
                        "java.base/jdk.internal.util.jar",
                        "java.base/sun.nio.ch",
                        "jdk.management/com.sun.management.internal")
                .forEach(name -> options.add("--add-opens=" + name + "=ALL-UNNAMED"));
        options.add("-Djdk.attach.allowAttachSelf=true");
        options.add("-Dio.netty.tryReflectionSetAccessible=true");
        options.add("-Dcassandra.libjemalloc=-");
        // Without it Cassandra closes standard output, which the launcher reports on.
        options.add("-Dcassandra-foreground=yes");
        options.add("-Dcassandra.ring_delay_ms=0");
        options.add("-Dcassandra.skip_wait_for_gossip_to_settle=0");
        options.add("-Dcassandra.superuser_setup_delay_ms=0");
        // A start measures the size of memtable rows by making this many; the default of 100,000 takes two seconds.
        options.add("-Dcassandra.memtable_row_overhead_computation_step=1000");
        return List.copyOf(options);
    }
}
