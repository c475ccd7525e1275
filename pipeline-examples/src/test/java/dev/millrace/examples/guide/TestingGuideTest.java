package dev.millrace.examples.guide;

import static dev.millrace.pipeline.policy.FailurePolicy.skip;
import static dev.millrace.pipeline.policy.RetryPolicy.fixed;
import static dev.millrace.pipeline.policy.StageOptions.with;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.examples.ExamplePage;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Preview;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.Sources;
import dev.millrace.pipeline.record.SourcePosition;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.pipeline.spi.Sink;
import dev.millrace.pipeline.spi.Source;
import dev.millrace.pipeline.spi.UnavailableException;
import dev.millrace.testkit.PipelineTestDriver;
import dev.millrace.testkit.TestSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The code of the page on tests. */
@Timeout(120)
class TestingGuideTest {

    // docs:begin
    static Pipeline celsius(Source<String> readings, Sink<Double> sink) {
        return Pipeline.named("celsius")
                .from(readings)
                .filter(line -> !line.isBlank())
                .map(Double::parseDouble)
                .map(fahrenheit -> (fahrenheit - 32) / 1.8, with().name("convert"))
                .to(sink, with().onFailure(skip()));
    }
    // docs:end

    // docs:begin
    @Test
    void shouldConvertAndLeaveOutWhatIsNoNumber() throws Exception {
        List<Double> written = new ArrayList<>();
        Pipeline pipeline = celsius(Sources.of("212", "", "n/a", "50"), Sinks.into(written));

        try (RunningPipeline running = PipelineRunner.create().start(pipeline)) {
            running.awaitTermination();
            assertThat(running.stats().skipped()).isEqualTo(1);
        }
        assertThat(written).containsExactly(100.0, 10.0);
    }
    // docs:end

    // docs:begin
    static Pipeline alarms(Source<Double> degrees, Sink<Double> mail) {
        return Pipeline.named("alarms")
                .from(degrees)
                .filter(each -> each > 80)
                .to(mail, with().retry(fixed(ofMinutes(5))));
    }
    // docs:end

    // docs:begin
    @Test
    void shouldTryAgainAfterFiveMinutes() {
        AtomicInteger outages = new AtomicInteger(2);
        List<Double> sent = new ArrayList<>();
        Sink<Double> mail = Sinks.ofBatches(batch -> {
            if (outages.getAndDecrement() > 0) {
                throw new UnavailableException("no connection");
            }
            sent.addAll(batch);
        });
        TestSource<Double> degrees = new TestSource<>();

        try (PipelineTestDriver driver = PipelineTestDriver.create()) {
            RunningPipeline running = driver.start(alarms(degrees, mail));
            degrees.add(21.5, 93.0);
            driver.run();
            assertThat(running.explain()).contains("unavailable");

            driver.advance(ofMinutes(10).minusMillis(1));
            assertThat(sent).isEmpty();
            driver.advance(ofMillis(1));
            assertThat(sent).containsExactly(93.0);
            driver.advance(ofSeconds(1)); // to the next commit
            assertThat(degrees.committed()).isEqualTo(2);
        }
    }
    // docs:end

    // docs:begin
    @Test
    void shouldFailOnWhatIsNoNumber() {
        Preview preview = celsius(Sources.of("212", "", "n/a"), Sinks.discard()).preview(10);

        assertThat(preview.record(SourcePosition.of("0", 1)).at("filter")).containsExactly(new Preview.Dropped());
        assertThat(preview.record(SourcePosition.of("0", 2)).at("map"))
                .singleElement()
                .isInstanceOf(Preview.Failed.class);
    }
    // docs:end

    @Test
    void shouldPrintWhatThePageShows() throws IOException {
        String table = celsius(Sources.of("212", "", "n/a"), Sinks.discard())
                .preview(10)
                .table();

        assertThat(ExamplePage.ofDocs("testing").blocks("text"))
                .contains(table.lines().map(line -> line.stripTrailing() + "\n").collect(Collectors.joining()));
    }
}
