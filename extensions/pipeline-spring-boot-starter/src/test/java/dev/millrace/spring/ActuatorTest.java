package dev.millrace.spring;

import static dev.millrace.spring.TestPipelines.PATIENCE;
import static dev.millrace.spring.TestPipelines.PAYLOAD;
import static dev.millrace.spring.TestPipelines.await;
import static dev.millrace.spring.TestPipelines.awaitEnd;
import static dev.millrace.spring.TestPipelines.endless;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.Pipeline;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** A web application with Actuator, asked over HTTP. */
class ActuatorTest {

    private static final String BOTH_WELL = "\"pipelines\":{\"components\":{"
            + "\"orders\":{\"details\":{\"state\":\"RUNNING\"},\"status\":\"UP\"},"
            + "\"prices\":{\"details\":{\"state\":\"RUNNING\"},\"status\":\"UP\"}},\"status\":\"UP\"}";

    private static final Pattern DONE = Pattern.compile("\"value\":[1-9]");

    private final HttpClient client = HttpClient.newHttpClient();

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Shop {

        private final AtomicBoolean isBroken = new AtomicBoolean();

        @Bean
        Pipeline orders() {
            return endless("orders", isBroken);
        }

        @Bean
        Pipeline prices() {
            return endless("prices");
        }
    }

    @Test
    void shouldTellHealthAndMetrics() {
        try (ConfigurableApplicationContext application = start()) {
            String actuator =
                    "http://localhost:" + application.getEnvironment().getProperty("local.server.port") + "/actuator/";

            // On a machine that stands still a worker may not answer in time, which is told beside it.
            await("both are well", () -> get(actuator + "health").body().contains(BOTH_WELL));
            assertThat(get(actuator + "health").statusCode()).isEqualTo(200);
            assertThat(get(actuator + "health/pipelines/orders").statusCode()).isEqualTo(200);
            assertThat(get(actuator + "health/readiness").statusCode()).isEqualTo(200);
            String done = actuator + "metrics/millrace.pipeline.done?tag=pipeline:";
            await(
                    "records are counted",
                    () -> DONE.matcher(get(done + "prices").body()).find());

            application.getBean(Shop.class).isBroken.set(true);
            awaitEnd(application.getBean(RunningPipelines.class).find("orders").orElseThrow());

            HttpResponse<String> failed = get(actuator + "health/pipelines/orders");
            assertThat(failed.statusCode()).isEqualTo(503);
            assertThat(failed.body())
                    .contains("\"status\":\"DOWN\"", "IllegalStateException")
                    .doesNotContain(PAYLOAD);
            assertThat(get(actuator + "health").statusCode()).isEqualTo(503);
            assertThat(get(actuator + "health/pipelines/prices").statusCode()).isEqualTo(200);
            assertThat(get(actuator + "health/readiness").statusCode()).isEqualTo(503);
            assertThat(get(actuator + "health/liveness").statusCode()).isEqualTo(200);
            await(
                    "what has ended is measured no more",
                    () -> get(done + "orders").statusCode() == 404);
        }
    }

    private static ConfigurableApplicationContext start() {
        return new SpringApplicationBuilder(Shop.class)
                .run(
                        "--server.port=0",
                        "--management.endpoints.web.exposure.include=health,metrics",
                        "--management.endpoint.health.show-details=always",
                        "--management.endpoint.health.group.readiness.include=readinessState,pipelines");
    }

    private HttpResponse<String> get(String uri) {
        try {
            return client.send(
                    HttpRequest.newBuilder(URI.create(uri)).timeout(PATIENCE).build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
