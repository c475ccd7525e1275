package dev.millrace.examples.guide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.examples.TestServers;
import dev.millrace.kafka.Kafka;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sources;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.testkit.KafkaServer;
import dev.millrace.testkit.KafkaServerExtension;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Serdes;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The code of the page on tests that needs a server. */
@ExtendWith(KafkaServerExtension.class)
@Timeout(600)
class TestKitGuideIT {

    @BeforeEach
    void createTopic(KafkaServer server) throws Exception {
        Assumptions.assumeFalse(server.isExternal(), "somebody else's broker is not ours to kill");
        TestServers.clear(server);
        Patiently.createTopics(Map.of("bootstrap.servers", server.bootstrapServers()), "cities");
    }

    @Test
    void shouldWriteAllThoughTheBrokerIsKilled(KafkaServer server) throws Exception {
        assertThat(Patiently.call(() -> isDoneThoughKilled(server))).isTrue();

        assertThat(TestServers.records(server, "cities"))
                .extracting(ConsumerRecord::value)
                .containsExactly("Lima", "Oslo", "Rome");
    }

    private static boolean isDoneThoughKilled(KafkaServer server) throws Exception {
        // docs:begin
        Pipeline cities = Pipeline.named("cities")
                .from(Sources.of("Lima", "Oslo", "Rome"))
                .to(Kafka.at(server.bootstrapServers()).sink("cities", Serdes.String()));
        try (RunningPipeline running = PipelineRunner.create().start(cities)) {
            server.kill();
            server.restart();
            running.awaitTermination();
            assertThat(running.stats().recordsDone()).isEqualTo(3);
        }
        // docs:end
        return true;
    }
}
