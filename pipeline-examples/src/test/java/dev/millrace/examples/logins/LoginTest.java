package dev.millrace.examples.logins;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.kafka.JsonSerde;
import dev.millrace.pipeline.spi.RefusedRecordException;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoginTest {

    private static final JsonSerde<Login> SERDE = JsonSerde.of(Login.class);

    @Test
    void shouldTravelInTheFormOfTheTopic() {
        Login login = new Login(Instant.parse("2020-09-18T07:15:00Z"), "100009");
        String message = "{\"created_time\":\"2020-09-18 07:15:00\",\"login_id\":\"100009\"}";

        assertThat(SERDE.serializer().serialize("logins", login))
                .asString(UTF_8)
                .isEqualTo(message);
        assertThat(SERDE.deserializer().deserialize("logins", message.getBytes(UTF_8)))
                .isEqualTo(login);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"login_id\":\"100009\"}",
                "{\"created_time\":\"2020-09-18 07:15:00\"}",
                "{\"created_time\":1600413300000,\"login_id\":\"100009\"}",
                "{\"created_time\":\"2020-09-31 07:15:00\",\"login_id\":\"100009\"}",
                "{\"created_time\":\"18.09.2020\",\"login_id\":\"100009\"}",
            })
    void shouldRefuseALoginOfNobodyOrAtNoTime(String message) {
        assertThatThrownBy(() -> SERDE.deserializer().deserialize("logins", message.getBytes(UTF_8)))
                .isInstanceOf(RefusedRecordException.class);
    }
}
