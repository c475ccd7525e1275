package dev.millrace.pipeline.functional;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.Sources;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.RunningPipeline;
import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Micrometer is optional: a JVM that does not have it runs pipelines all the same. */
class WithoutMicrometerTest {

    /** What that JVM runs. */
    static final class Program {

        private Program() {}

        public static void main(String[] args) throws Exception {
            try {
                Class.forName("io.micrometer.core.instrument.MeterRegistry");
                System.out.println("there is Micrometer");
            } catch (ClassNotFoundException expected) {
                System.out.println("there is no Micrometer");
            }
            List<Integer> written = new ArrayList<>();
            try (RunningPipeline running = PipelineRunner.create()
                    .start(Pipeline.named("pipe")
                            .from(Sources.of(1, 2, 3))
                            .map(value -> value * 2)
                            .to(Sinks.into(written)))) {
                running.awaitTermination();
                System.out.println(written + " " + running.stats().recordsDone());
            }
        }
    }

    @Test
    void shouldRunAPipelineOnAClassPathWithoutMicrometer() throws Exception {
        String path = location(Pipeline.class) + File.pathSeparator + location(Program.class);
        assertThat(run("-cp", path, Program.class.getName()))
                .contains("there is no Micrometer")
                .contains("[2, 4, 6] 3");
    }

    @Test
    void shouldRunAPipelineOnAModulePathWithoutMicrometer() throws Exception {
        assertThat(run(
                        "--module-path",
                        location(Pipeline.class),
                        "--add-modules",
                        "dev.millrace.pipeline",
                        "-cp",
                        location(Program.class),
                        Program.class.getName()))
                .contains("there is no Micrometer")
                .contains("[2, 4, 6] 3");
    }

    private static String location(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI())
                .toString();
    }

    private static String run(String... arguments) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx64m");
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            String output = new String(process.getInputStream().readAllBytes(), UTF_8);
            assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
            assertThat(process.exitValue()).as(output).isZero();
            return output;
        } finally {
            process.destroyForcibly();
        }
    }
}
