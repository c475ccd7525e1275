package dev.millrace.testkit;

import java.util.function.Supplier;

/**
 * Gives JUnit tests a {@link KafkaServer}, as a parameter or from a field.
 *
 * <pre>{@code
 * @ExtendWith(KafkaServerExtension.class)
 * class RatingsIT {
 *     @Test
 *     void shouldReadWhatWasSent(KafkaServer kafka) { ... }
 * }
 *
 * @RegisterExtension
 * static final KafkaServerExtension KAFKA = KafkaServerExtension.of(KafkaServer.builder().port(9092));
 * }</pre>
 *
 * <p>A shared server is one for all test classes of the run: tests take topics and groups of their own. A test that
 * stops, kills or pauses the server leaves it so to nobody: before each test it is running again. After a failed test
 * the server's directory is kept and its log named.
 *
 * <p>Needs JUnit 5.13 or newer. This class is thread-safe for a shared server; a server of its own belongs to one test
 * class.
 */
public final class KafkaServerExtension extends ServerExtension<KafkaServer> {
    /** The shared server, for {@code @ExtendWith}. */
    public KafkaServerExtension() {
        this(KafkaServer::start, true);
    }

    private KafkaServerExtension(Supplier<KafkaServer> starter, boolean shared) {
        super(KafkaServer.class, starter, shared);
    }

    /** The server shared by all test classes that ask for it, with the default options. */
    public static KafkaServerExtension shared() {
        return new KafkaServerExtension();
    }

    /** A server with options of its own, closed after the test class of a static field, or the test of another. */
    public static KafkaServerExtension of(KafkaServer.Builder options) {
        return new KafkaServerExtension(options::start, false);
    }
}
