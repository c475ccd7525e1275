package dev.millrace.benchmarks.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What figures depend on: the machine, the JVM, and whose code was measured in which version. */
final class Machine {

    private static final Pattern JAR = Pattern.compile("(.+?)-(\\d[\\w.-]*)\\.jar");
    private static final List<String> OF_INTEREST = List.of(
            "kafka-clients",
            "kafka-streams",
            "spring-kafka",
            "pekko-stream_2.13",
            "pekko-connectors-kafka_2.13",
            "parallel-consumer-core",
            "jmh-core",
            "java-driver-core",
            "jackson-databind");

    private Machine() {}

    static String describe() {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return String.format(
                "%d processors (%s), %d GB, %s %s, Java %s (%s)",
                system.getAvailableProcessors(),
                processor(),
                Math.round(system.getTotalMemorySize() / (double) (1 << 30)),
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                System.getProperty("java.version"),
                System.getProperty("java.vm.name"));
    }

    private static String processor() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name"))
                    .findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .orElse("unknown");
        } catch (IOException notLinux) {
            return System.getProperty("os.arch");
        }
    }

    /** Of a class path, the versions of those libraries that matter. */
    static List<String> versions(String classPath) {
        return Arrays.stream(classPath.split(Pattern.quote(File.pathSeparator), -1))
                .map(jar -> JAR.matcher(Path.of(jar).getFileName().toString()))
                .filter(Matcher::matches)
                .filter(jar -> OF_INTEREST.contains(jar.group(1)))
                .map(jar -> jar.group(1) + " " + jar.group(2))
                .sorted()
                .toList();
    }
}
