package dev.millrace.pipeline.spi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.testing.ManualSource;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class DecodedSourceTest {

    private final ManualSource<String> raw = ManualSource.pausable();

    @Test
    void shouldDecodeAsItPollsWhereNoEngineTakesItApart() throws Exception {
        raw.feed("p", 0, "1").feed("p", 1, "").feed("p", 2, "3").end();
        Source<Integer> source =
                raw.decodedBy(record -> record.value().isEmpty() ? null : Integer.valueOf(record.value()));

        try (SourceReader<Integer> reader = source.open(new TenAtATime())) {
            List<PipelineRecord<Integer>> records = reader.poll(Duration.ZERO);

            assertThat(records).extracting(PipelineRecord::value).containsExactly(1, 3);
            assertThat(records).extracting(PipelineRecord::offset).containsExactly(0L, 2L);
            assertThat(reader.isExhausted()).isTrue();
            assertThat(reader.isPausable()).isTrue();
        }
        assertThat(raw.closes()).isOne();
    }

    private static final class TenAtATime implements SourceContext {

        @Override
        public int pollLimit() {
            return 10;
        }

        @Override
        public void assigned(java.util.Collection<String> partitions) {}

        @Override
        public java.util.Map<String, Long> revoked(java.util.Collection<String> partitions) {
            return java.util.Map.of();
        }

        @Override
        public void lost(java.util.Collection<String> partitions) {}

        @Override
        public String pipeline() {
            return "pipe";
        }

        @Override
        public String stage() {
            return "from";
        }

        @Override
        public long nanoTime() {
            return System.nanoTime();
        }

        @Override
        public java.util.concurrent.Executor blocking() {
            return Runnable::run;
        }
    }
}
