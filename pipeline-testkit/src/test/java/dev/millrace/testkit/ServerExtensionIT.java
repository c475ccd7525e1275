package dev.millrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

class ServerExtensionIT {
    private static final List<KafkaServer> SEEN = new ArrayList<>();

    @BeforeEach
    void forget() {
        SEEN.clear();
    }

    @Test
    void shouldShareOneServerAmongClassesAndHaveItRunningBeforeEachTest() {
        run(ByParameterCase.class, ByFieldCase.class).assertStatistics(stats -> stats.succeeded(3));

        assertThat(SEEN).hasSize(3);
        assertThat(SEEN.get(0)).isSameAs(SEEN.get(1)).isSameAs(SEEN.get(2));
        assertThat(SEEN.get(0).isRunning()).isFalse();
        assertThat(SEEN.get(0).directory()).doesNotExist();
    }

    @Test
    void shouldKeepTheLogWhenATestFails() {
        run(FailingCase.class).assertStatistics(stats -> stats.failed(1));

        KafkaServer kafka = SEEN.get(0);
        assertThat(kafka.isRunning()).isFalse();
        assertThat(kafka.log()).content().contains("Kafka Server started");
        TestFiles.deleteTree(kafka.directory());
    }

    @Test
    void shouldSayWhenThereIsNoServerYet() {
        assertThatThrownBy(() -> KafkaServerExtension.shared().server())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("KafkaServer is there from @BeforeAll");
    }

    private static Events run(Class<?>... cases) {
        EngineTestKit.Builder builder = EngineTestKit.engine("junit-jupiter");
        for (Class<?> each : cases) {
            builder.selectors(selectClass(each));
        }
        return builder.execute().testEvents();
    }

    @ExtendWith(KafkaServerExtension.class)
    @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
    static class ByParameterCase {
        @Test
        @Order(1)
        void shouldKillTheServer(KafkaServer kafka) {
            SEEN.add(kafka);
            kafka.kill();
        }

        @Test
        @Order(2)
        void shouldHaveARunningServerAgain(KafkaServer kafka) {
            SEEN.add(kafka);
            KafkaRoundTrip.createTopic(kafka, "after-the-kill");
            kafka.pause();
        }
    }

    static class ByFieldCase {
        @RegisterExtension
        static final KafkaServerExtension KAFKA = KafkaServerExtension.shared();

        @Test
        void shouldHaveAServerThatIsNotPaused() {
            SEEN.add(KAFKA.server());
            KafkaRoundTrip.createTopic(KAFKA.server(), "after-the-pause");
        }
    }

    static class FailingCase {
        @RegisterExtension
        final KafkaServerExtension kafka = KafkaServerExtension.of(KafkaServer.builder());

        @Test
        void shouldFail() {
            SEEN.add(kafka.server());
            fail("on purpose");
        }
    }
}
