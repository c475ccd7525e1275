package dev.millrace.examples.security;

import static dev.millrace.pipeline.policy.StageOptions.with;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.console.PipelineConsole;
import dev.millrace.console.RunningConsole;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.Sources;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.pipeline.spi.UnavailableException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** That nothing is found says something only of a search that finds what is there. */
@Timeout(120)
class CanarySearchTest {

    private final Canaries canaries = new Canaries();
    private final Search search = new Search(canaries);
    private final String payload = canaries.payload("planted");
    private final String secret = canaries.secret("planted");

    /** As JMX wants it of an MBean. */
    public interface NestMBean {

        String getEgg();
    }

    /** Tells what it is given. */
    public record Nest(String egg) implements NestMBean {

        @Override
        public String getEgg() {
            return egg;
        }
    }

    @Test
    void shouldFindTextInWhateverFormBytesArePrinted() {
        for (String before : new String[] {"", "a", "ab", "abc"}) {
            byte[] bytes = (before + secret + ".").getBytes(UTF_8);
            for (String form : new String[] {
                before + secret,
                Arrays.toString(bytes),
                HexFormat.of().formatHex(bytes),
                Base64.getEncoder().encodeToString(bytes)
            }) {
                assertThat(canaries.secretIn(form)).as(form).isPresent();
                assertThat(canaries.anyIn(form)).as(form).isPresent();
            }
        }
    }

    @Test
    void shouldTellSecretsFromPayloadAndBothFromTheRest() {
        assertThat(canaries.anyIn(payload)).isPresent();
        assertThat(canaries.secretIn(payload)).isEmpty();
        assertThat(canaries.anyIn(new Canaries().secret("of another test"))).isEmpty();
    }

    @Test
    void shouldFindInLogsWhatMustNotBeThere() {
        try (CapturedLogs logs = new CapturedLogs(canaries)) {
            Logger theirs = Logger.getLogger("org.apache.kafka.clients.NetworkClient");
            theirs.finest(payload);
            assertThat(logs.takeFound()).as("others, for debugging").isEmpty();
            theirs.info(payload);
            assertThat(logs.takeFound()).hasSize(1);
            theirs.finest(secret);
            assertThat(logs.takeFound()).hasSize(1);
            Logger ours = Logger.getLogger("dev.millrace.pipeline");
            ours.log(Level.FINEST, "failed", new IllegalStateException(new IllegalArgumentException(payload)));
            assertThat(logs.takeFound()).hasSize(1);
        }
    }

    @Test
    void shouldFindTheNameOfAThread() {
        Thread thread = Thread.currentThread();
        String name = thread.getName();
        thread.setName("worker of " + payload);
        try {
            search.threads();
        } finally {
            thread.setName(name);
        }

        assertThat(search.found()).singleElement().asString().startsWith("threads: ");
    }

    @Test
    void shouldFindTheAttributeOfABean() throws Exception {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        ObjectName name = new ObjectName("dev.millrace.examples:type=Nest");
        server.registerMBean(new Nest(payload), name);
        try {
            search.beans();
        } finally {
            server.unregisterMBean(name);
        }

        assertThat(search.found()).singleElement().asString().startsWith("MBeans of dev.millrace.examples: ");
    }

    @Test
    void shouldFindTheTagOfAMeter() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        registry.counter("records", "key", payload).increment();

        search.meters(registry);

        assertThat(search.found()).singleElement().asString().startsWith("meters: ");
    }

    @Test
    void shouldFindWhatTheConsoleShows() throws Exception {
        try (RunningConsole console = PipelineConsole.create().start();
                RunningPipeline running = PipelineRunner.create()
                        .listener(console)
                        .start(Pipeline.named("pipeline")
                                .from(Sources.of(1))
                                .map(value -> value, with().name(payload))
                                .to(Sinks.discard()))) {
            running.awaitTermination();
            search.console(console);
        }

        assertThat(search.found()).singleElement().asString().startsWith("console of a pipeline: ");
    }

    @Test
    void shouldFindTheMessageOfOurExceptionsAndLeaveTheirsToTheirAuthors() {
        search.failure(new IllegalStateException(payload));
        assertThat(search.found()).isEmpty();

        search.failure(new IllegalStateException(new UnavailableException(payload)));
        assertThat(search.found()).hasSize(1);
    }
}
