package dev.millrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.policy.Throttle;
import dev.millrace.pipeline.runtime.PipelineState;
import dev.millrace.pipeline.runtime.RunningPipeline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How pipelines run in a test's thread. */
class PipelineTestDriverTest {

    private final PipelineTestDriver driver = PipelineTestDriver.create();
    private final TestSource<Integer> source = new TestSource<>();
    private final List<Integer> written = new ArrayList<>();

    @AfterEach
    void close() {
        driver.close();
    }

    @Test
    void shouldRunWhatThereIsToDoAndNoMore() {
        RunningPipeline running =
                driver.start(Pipeline.named("p").from(source).map(n -> 2 * n).to(Sinks.into(written)));
        source.add(1, 2);
        assertThat(written).isEmpty();

        driver.run();
        assertThat(written).containsExactly(2, 4);
        assertThat(running.state()).isEqualTo(PipelineState.RUNNING);

        source.add(3).end();
        driver.run();
        assertThat(written).containsExactly(2, 4, 6);
        assertThat(running.state()).isEqualTo(PipelineState.STOPPED);
        assertThat(source.committed()).isEqualTo(3);
    }

    @Test
    void shouldThrottle() {
        driver.start(
                Pipeline.named("p").from(source).throttle(Throttle.perSecond(2)).to(Sinks.into(written)));
        source.add(1, 2, 3);

        driver.run();
        assertThat(written).containsExactly(1);
        driver.advance(Duration.ofMillis(499));
        assertThat(written).containsExactly(1);
        driver.advance(Duration.ofMillis(1));
        assertThat(written).containsExactly(1, 2);
        driver.advance(Duration.ofHours(1));
        assertThat(written).containsExactly(1, 2, 3);
    }
}
