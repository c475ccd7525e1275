package dev.millrace.testkit;

import java.io.IOException;
import java.nio.file.Path;

/** Starts a server, tells its process and directory, and exits without closing it when its own input ends. */
final class ServerOwner {
    private ServerOwner() {}

    public static void main(String[] args) throws IOException {
        KafkaServer.Builder options = KafkaServer.builder();
        if (args.length > 1) {
            options.dataDirectory(Path.of(args[1]));
        }
        KafkaServer kafka = options.start();
        if (args[0].equals("pause")) {
            kafka.pause();
        }
        System.out.println(kafka.pid());
        System.out.println(kafka.directory());
        while (System.in.read() >= 0) {
            // Wait for the end.
        }
    }
}
