package dev.millrace.cassandra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTest {

    @ParameterizedTest
    @CsvSource({
        "localhost:9043, localhost:9043",
        "localhost, localhost:9042",
        "10.0.0.1:1, 10.0.0.1:1",
        "[::1]:65535, [::1]:65535",
        "[fe80::1%eth0], [fe80::1%eth0]:9042"
    })
    void shouldReadHostAndPortWhenWrittenAsUsual(String text, String read) {
        assertThat(Address.parse(text)).hasToString(read);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ":9042", "a b", "host:", "host:x", "http://host:9042", "::1:9042"})
    void shouldRefuseWhatIsNoAddress(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Address.parse(text))
                .withMessage("contactPoint must be host or host:port, got '" + text + "'");
    }

    @Test
    void shouldNotRepeatWhatMayBeAPassword() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Address.parse("user:se@cret@host:9042"))
                .withMessage("contactPoint must be host or host:port, got '...@host:9042'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"host:0", "host:65536", "host:99999"})
    void shouldRefuseAPortWhenOutOfRange(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Address.parse(text))
                .withMessage("contactPoint's port must be 1 to 65535, got '" + text + "'");
    }

    @Test
    void shouldSayWhichHostIsUnknownWhenItCannotBeResolved() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Address.parse("no-such-host.invalid").resolve())
                .withMessage("host 'no-such-host.invalid' cannot be resolved");
    }
}
