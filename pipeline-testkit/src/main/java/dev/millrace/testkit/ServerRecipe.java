package dev.millrace.testkit;

import java.util.List;

/** How one kind of server is put together. */
interface ServerRecipe {
    /** {@code kafka} or {@code cassandra}: as the launcher, the directory's name and the settings have it. */
    String kind();

    /** For people, with the version. */
    String title();

    /** Maven coordinates of what the server's class path is made of. */
    List<String> artifacts();

    /** A Java that the server runs on. */
    JavaHome javaHome();

    /** How many ports the server listens on; the first one is for clients. */
    int portCount();

    /** Writes the server's configuration for these ports. */
    Configuration configure(ServerDirectory directory, List<Integer> ports);

    record Configuration(List<String> jvmOptions, List<String> arguments) {}
}
