package dev.millrace.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.Aggregators;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.Sources;
import dev.millrace.pipeline.policy.Aggregation;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.pipeline.spi.Source;
import dev.millrace.pipeline.spi.SourceContext;
import dev.millrace.pipeline.spi.SourceReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real pipeline, started again and again. */
@Timeout(120)
class AggregateTest {

    @TempDir
    Path directory;

    /** The same records at the same offsets whenever it is opened. */
    private record Repeated(List<String> words) implements Source<String> {

        @Override
        public SourceReader<String> open(SourceContext context) throws Exception {
            return Sources.of(words).open(context);
        }

        @Override
        public boolean isRepeatable() {
            return true;
        }
    }

    @Test
    void shouldCountEachRecordOnceWhenAllOfThemComeAgain() throws Exception {
        List<String> words =
                IntStream.range(0, 3_000).mapToObj(i -> "word " + i % 7).toList();
        for (int length : new int[] {1_000, 2_000, 3_000}) {
            List<String> read = words.subList(0, length);
            Map<String, Long> told = new ConcurrentHashMap<>();
            Pipeline pipeline = Pipeline.named("words")
                    .from(new Repeated(read))
                    .keyBy(word -> word)
                    .aggregate(
                            Aggregators.counting(),
                            Map::entry,
                            Aggregation.keptIn(StateDirectory.at(directory)).every(Duration.ofMillis(10)))
                    .to(Sinks.forEach(count -> told.put(count.getKey(), count.getValue())));
            try (RunningPipeline running = PipelineRunner.create().start(pipeline)) {
                running.awaitTermination();
            }
            assertThat(told)
                    .isEqualTo(
                            read.stream().collect(Collectors.groupingBy(Function.identity(), Collectors.counting())));
        }
    }
}
