package dev.millrace.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.policy.FailurePolicy;
import dev.millrace.pipeline.policy.StageOptions;
import dev.millrace.pipeline.record.DeadLetter;
import dev.millrace.pipeline.spi.Sink;
import dev.millrace.pipeline.spi.SinkWriter;
import dev.millrace.pipeline.spi.StageContext;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class DiagramTest {

    private static final Pipeline PIPELINE = Pipeline.named("demo")
            .from(Sources.of("a"))
            .map(String::length)
            .map(length -> length + 1, StageOptions.with().name("increment").onFailure(FailurePolicy.skip()))
            .alsoTo(new Named<>("table <a> & \"b\""))
            .batch(100, Duration.ofSeconds(5))
            .to(
                    new Named<>("topic"),
                    StageOptions.with().onFailure(FailurePolicy.deadLetter(new Named<DeadLetter>("letters"))));

    @Test
    void shouldDrawAStageALine() {
        assertThat(PIPELINE.describe()).isEqualTo("""
                demo
                  from       source
                  map
                  increment  map  [on failure: skip]
                  alsoTo     table <a> & "b"
                  batch      of 100, or what has come in PT5S
                  to         topic  [on failure: dead letter to letters]
                """);
    }

    @Test
    void shouldDrawAMermaidFlowChart() {
        assertThat(PIPELINE.describeAsMermaid()).isEqualTo("""
                flowchart LR
                  s0[("from<br/>source")]
                  s1["map"]
                  s0 --> s1
                  s2["increment"]
                  s1 --> s2
                  s3[("alsoTo<br/>table &lt;a&gt; &amp; &quot;b&quot;")]
                  s2 --> s3
                  s4["batch<br/>of 100, or what has come in PT5S"]
                  s2 --> s4
                  s5[("to<br/>topic")]
                  s4 --> s5
                  s5 -. failed .-> s5d[("letters")]
                """);
    }

    /** A sink that only has a description. */
    private record Named<T>(String describe) implements Sink<T> {

        @Override
        public SinkWriter<T> open(StageContext context) {
            throw new UnsupportedOperationException();
        }
    }
}
