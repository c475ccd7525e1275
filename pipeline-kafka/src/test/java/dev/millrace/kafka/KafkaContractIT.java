package dev.millrace.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.pipeline.spi.Sink;
import dev.millrace.pipeline.spi.Source;
import dev.millrace.testkit.contract.SinkContract;
import dev.millrace.testkit.contract.SourceContract;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.serialization.Serdes;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;

/** What topics promise as sources and sinks, as every connector does. */
class KafkaContractIT {

    private static final int PARTITIONS = 3;

    @Nested
    @DisplayName("A topic that is read")
    class Sources extends SourceContract<String> {

        private final Broker broker = Broker.shared();
        private final String topic = broker.newTopic(PARTITIONS);
        private final String group = Broker.newGroup();

        @Override
        protected Source<String> source() {
            return broker.kafka().source(topic, Serdes.String()).group(group);
        }

        @Override
        protected String value(int number) {
            return "value " + number;
        }

        @Override
        protected void add(List<String> values) {
            broker.spread(topic, values);
        }

        @Override
        protected boolean keepsPosition() {
            return true;
        }
    }

    @Nested
    @DisplayName("A topic that is written")
    class Sinks extends SinkContract<String> {

        private static final int LARGEST = 1_000;

        private final Broker broker = Broker.shared();
        private final String topic = broker.newTopic(1);

        @Override
        protected Sink<String> sink() {
            return broker.kafka().with("max.request.size", LARGEST).sink(topic, Serdes.String());
        }

        @Override
        protected String value(int number) {
            return "value " + number;
        }

        @Override
        protected Collection<String> stored() {
            return broker.read(topic).stream()
                    .map(record -> new String(record.value(), UTF_8))
                    .toList();
        }

        @Override
        protected boolean keepsOrder() {
            return true;
        }

        @Override
        protected Optional<String> refused() {
            return Optional.of("x".repeat(LARGEST));
        }
    }
}
