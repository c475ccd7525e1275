package dev.millrace.spring;

import static dev.millrace.spring.TestPipelines.PATIENCE;
import static dev.millrace.spring.TestPipelines.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.kafka.JsonSerde;
import dev.millrace.kafka.Kafka;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.Sources;
import dev.millrace.pipeline.runtime.PipelineFailedException;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.pipeline.spi.UnavailableException;
import dev.millrace.testkit.KafkaServer;
import dev.millrace.testkit.KafkaServerExtension;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** An application that reads a topic and writes another, and is ended in the middle of it. */
@ExtendWith(KafkaServerExtension.class)
class SpringBootGuideIT {

    private static final int COUNT = 20_000;

    private KafkaServer server;

    record Rating(String user, int stars) {}

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Ratings {

        // docs:begin
        @Bean
        Pipeline goodRatings(@Value("${ratings.kafka}") String servers) {
            Kafka kafka = Kafka.at(servers);
            return Pipeline.named("good-ratings")
                    .from(kafka.source("ratings", JsonSerde.of(Rating.class)))
                    .filter(rating -> rating.stars() >= 7)
                    .to(kafka.sink("good-ratings", JsonSerde.of(Rating.class)));
        }
        // docs:end
    }

    @BeforeEach
    void createTopics(KafkaServer server) throws Exception {
        this.server = server;
        int patience = (int) PATIENCE.toMillis();
        try (Admin admin = Admin.create(Map.of(
                "bootstrap.servers", server.bootstrapServers(),
                "request.timeout.ms", patience,
                "default.api.timeout.ms", patience))) {
            admin.createTopics(
                            List.of(new NewTopic("ratings", 2, (short) 1), new NewTopic("good-ratings", 1, (short) 1)))
                    .all()
                    .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
    }

    @Test
    void shouldLoseNothingWhenItIsEndedAndStartedAnew() throws Exception {
        List<Rating> ratings = IntStream.range(0, COUNT)
                .mapToObj(number -> new Rating("user-" + number, number % 11))
                .toList();
        Kafka kafka = Kafka.at(server.bootstrapServers());
        run(Pipeline.named("sender")
                .from(Sources.of(ratings))
                .to(kafka.sink("ratings", JsonSerde.of(Rating.class)).keyedBy(Rating::user)));

        RunningPipeline first;
        try (ConfigurableApplicationContext application = start()) {
            first = running(application);
            await("something is done", () -> first.stats().recordsDone() > 0);
        }
        assertThat(first.state().isFinal()).isTrue();
        assertThat(first.failure()).isEmpty();
        try (ConfigurableApplicationContext application = start()) {
            RunningPipeline second = running(application);
            second.finish();
            second.awaitTermination();
        }

        List<Rating> written = new ArrayList<>();
        run(Pipeline.named("check")
                .from(kafka.source("good-ratings", JsonSerde.of(Rating.class)).untilEnd())
                .to(Sinks.into(written)));
        assertThat(written)
                .containsAll(
                        ratings.stream().filter(rating -> rating.stars() >= 7).toList());
    }

    private ConfigurableApplicationContext start() {
        return patiently(() -> new SpringApplicationBuilder(Ratings.class)
                .web(WebApplicationType.NONE)
                .run(
                        "--ratings.kafka=" + server.bootstrapServers(),
                        "--millrace.runner.drain-timeout=" + PATIENCE,
                        "--spring.lifecycle.timeout-per-shutdown-phase=" + PATIENCE.multipliedBy(2)));
    }

    private static RunningPipeline running(ConfigurableApplicationContext application) {
        return application.getBean(RunningPipelines.class).find("good-ratings").orElseThrow();
    }

    private static void run(Pipeline pipeline) throws InterruptedException {
        try (RunningPipeline running = patiently(() -> PipelineRunner.create().start(pipeline))) {
            running.awaitTermination();
        }
    }

    /** What a server did not answer in time, on a machine that stood still, has done nothing yet. */
    private static <T> T patiently(Supplier<T> opening) {
        while (true) {
            try {
                return opening.get();
            } catch (RuntimeException notStarted) {
                if (!isUnavailable(notStarted)) {
                    throw notStarted;
                }
            }
        }
    }

    private static boolean isUnavailable(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof PipelineFailedException && cause.getCause() instanceof UnavailableException) {
                return true;
            }
        }
        return false;
    }
}
