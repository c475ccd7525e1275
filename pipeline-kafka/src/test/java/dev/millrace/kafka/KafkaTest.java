package dev.millrace.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.serialization.Serdes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KafkaTest {

    private static final Kafka KAFKA = Kafka.at("localhost:9092");
    private static final String CANARY = "CANARY-7f3a";

    @ParameterizedTest
    @ValueSource(
            strings = {"localhost:9092", "a:1,b:2", "a:1, b:2", "[::1]:9092", "SASL_SSL://broker.example.org:9093"})
    void shouldTakeServers(String servers) {
        assertThat(Kafka.at(servers).toString()).startsWith("Kafka[");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "localhost", "localhost:", ":9092", "a:1,,b:2", "a:1,", "http//x:y", "a b:1", "a:123456"})
    void shouldRefuseWhatIsNotAServer(String servers) {
        assertThatThrownBy(() -> Kafka.at(servers))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("servers must be host:port, several with commas between them, got '");
    }

    @Test
    void shouldNotRepeatCredentialsInAServer() {
        assertThatThrownBy(() -> Kafka.at("user:" + CANARY + "@broker:9092")).hasMessageNotContaining(CANARY);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "enable.auto.commit|true|offsets are committed by the pipeline",
                "auto.offset.reset|latest|KafkaSource.from",
                "group.id|g|KafkaSource.group",
                "bootstrap.servers|b:1|Kafka.at",
                "key.deserializer|x|as bytes",
                "value.serializer|x|as bytes",
                "acks|1|must be all",
                "acks|0|must be all",
                "enable.idempotence|false|must be true",
                "transactional.id|t|transactions are not supported",
                "ssl.endpoint.identification.algorithm|' '|anybody's certificate would do",
                "allow.auto.create.topics|true|topics must exist",
            })
    void shouldRefuseWhatAPipelineReliesOn(String property, String value, String reason) {
        assertThatThrownBy(() -> KAFKA.with(property, value.replace("'", "")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("property '" + property + "' cannot be set so: ")
                .hasMessageContaining(reason);
    }

    @ParameterizedTest
    @CsvSource({
        "acks,all",
        "acks,-1",
        "enable.idempotence,true",
        "ssl.endpoint.identification.algorithm,https",
        "group.protocol,consumer",
        "session.timeout.ms,10000",
        "sasl.jaas.config,secret"
    })
    void shouldTakeWhatDoesNoHarm(String property, String value) {
        assertThat(KAFKA.with(property, value).toString()).contains(property);
    }

    @Test
    void shouldRefuseAnUnknownPropertyByNameOnly() {
        assertThatThrownBy(() -> KAFKA.with("sasl.jass.config", CANARY))
                .hasMessage(
                        "the Kafka clients know no property 'sasl.jass.config'; one that is read by something plugged"
                                + " into them goes to withCustom");
    }

    @ParameterizedTest
    @CsvSource({"max.poll.interval.ms", "linger.ms", "isolation.level", "group.protocol", "compression.type"})
    void shouldRefuseAnInvalidValueWithoutRepeatingIt(String property) {
        assertThatThrownBy(() -> KAFKA.with(property, CANARY))
                .hasMessageStartingWith("property '" + property + "' must be of type ")
                .hasMessageNotContaining(CANARY);
    }

    @Test
    void shouldRefuseToHideAKnownPropertyAsCustom() {
        assertThatThrownBy(() -> KAFKA.withCustom("acks", "1"))
                .hasMessage("property 'acks' is one that the Kafka clients know; it goes to with");
        assertThat(KAFKA.withCustom("my.interceptor.url", "x").toString()).contains("my.interceptor.url=[hidden]");
    }

    @Test
    void shouldShowNoSecretInText() {
        Kafka kafka = KAFKA.withCustom("my.token", CANARY);
        Set<String> planted = new TreeSet<>();
        for (ConfigDef client :
                List.of(ConsumerConfig.configDef(), ProducerConfig.configDef(), AdminClientConfig.configDef())) {
            for (ConfigDef.ConfigKey key : client.configKeys().values()) {
                boolean text = key.type == ConfigDef.Type.STRING || key.type == ConfigDef.Type.PASSWORD;
                if (text && RefusedProperties.reason(key.name, CANARY) == null) {
                    try {
                        kafka = kafka.with(key.name, CANARY);
                        planted.add(key.name);
                    } catch (IllegalArgumentException e) {
                        assertThat(e).hasMessageNotContaining(CANARY);
                    }
                }
            }
        }
        assertThat(planted)
                .contains("sasl.jaas.config", "ssl.keystore.password", "sasl.oauthbearer.token.endpoint.url");
        Kafka shown = kafka.with(Map.of("client.id", "a", "client.rack", "b", "group.instance.id", "c"))
                .with("sasl.mechanism", "PLAIN")
                .with("ssl.keystore.type", "PEM")
                .with("ssl.truststore.type", "PEM")
                .with("ssl.protocol", "TLSv1.3")
                .with("ssl.endpoint.identification.algorithm", "https");

        assertThat(shown.toString())
                .doesNotContain(CANARY)
                .contains("sasl.jaas.config=[hidden]", "sasl.mechanism=PLAIN", "client.id=a");
        assertThat(shown.source("t", Serdes.String()).toString()).doesNotContain(CANARY);
        assertThat(shown.sink("t", Serdes.String()).toString()).doesNotContain(CANARY);
        assertThat(shown.deadLetters("t").toString()).doesNotContain(CANARY);
    }

    @Test
    void shouldNotChangeWhatItWasMadeFrom() {
        Kafka other = KAFKA.with("linger.ms", 20);
        assertThat(other.toString()).isEqualTo("Kafka[localhost:9092, linger.ms=20]");
        assertThat(KAFKA.toString()).isEqualTo("Kafka[localhost:9092]");
    }

    @Test
    void shouldGiveClientsWhatTheyKnowAndWhatAPipelineNeeds() {
        ClientProperties properties = ClientProperties.at("a:1")
                .with("security.protocol", "SSL")
                .with("linger.ms", "20")
                .with("max.poll.records", "10")
                .with("group.protocol", "consumer")
                .withCustom("x", "y");
        TestContext context = new TestContext();

        assertThat(ClientConfigs.consumer(properties, "g", 500, context))
                .containsEntry("security.protocol", "SSL")
                .containsEntry("group.id", "g")
                .containsEntry("max.poll.records", 10)
                .containsEntry("enable.auto.commit", false)
                .containsEntry("auto.offset.reset", "none")
                .containsEntry("isolation.level", "read_committed")
                .containsEntry("x", "y")
                .doesNotContainKeys("linger.ms", "partition.assignment.strategy");
        assertThat(ClientConfigs.consumer(ClientProperties.at("a:1"), null, 500, context))
                .containsEntry("max.poll.records", 500)
                .containsKey("partition.assignment.strategy")
                .doesNotContainKey("group.id");
        assertThat(ClientConfigs.producer(properties, context))
                .containsEntry("linger.ms", "20")
                .containsEntry("acks", "all")
                .containsEntry("enable.idempotence", true)
                .containsEntry("batch.size", 65_536)
                .doesNotContainKeys("max.poll.records", "group.protocol");
        assertThat(ClientConfigs.admin(properties, context))
                .containsEntry("security.protocol", "SSL")
                .doesNotContainKeys("linger.ms", "max.poll.records");
    }

    @Test
    void shouldRefuseSourcesAndSinksThatCannotBe() {
        assertThatThrownBy(() -> KAFKA.source(" ", Serdes.String())).hasMessage("topic must not be blank");
        assertThatThrownBy(() -> KAFKA.source(List.of(), Serdes.String())).hasMessage("topics must not be empty");
        assertThatThrownBy(() -> KAFKA.sink("", Serdes.String())).hasMessage("topic must not be blank");
        assertThatThrownBy(() -> KAFKA.source("t", Serdes.String()).partitions())
                .hasMessage("numbers must be one or more partitions, none negative, got []");
        assertThatThrownBy(() -> KAFKA.source("t", Serdes.String()).partitions(0, -1))
                .hasMessage("numbers must be one or more partitions, none negative, got [0, -1]");
        assertThatThrownBy(() ->
                        KAFKA.source(List.of("a", "b"), Serdes.String()).from(StartPosition.offsets(Map.of(0, 4L))))
                .hasMessage("offsets need a source of one topic, got [a, b]");
        assertThatThrownBy(() -> StartPosition.offsets(Map.of(0, -1L)))
                .hasMessage("partitions and offsets must not be negative, got 0=-1");
        assertThatThrownBy(() -> StartPosition.committed().ignoringCommitted())
                .hasMessage("committed() cannot ignore what is committed");
    }
}
