package dev.millrace.pipeline.functional;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.Enrichers;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.Sources;
import dev.millrace.pipeline.Stage;
import dev.millrace.pipeline.record.Headers;
import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.runtime.PipelineState;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.pipeline.spi.Enricher;
import dev.millrace.pipeline.testing.ManualSink;
import dev.millrace.pipeline.testing.ManualSource;
import dev.millrace.pipeline.testing.Runs;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VerbsTest {

    private static final Enricher<String, Integer> LENGTHS = Enrichers.of(Map.of("b", 1, "dd", 2));

    private final List<Object> written = Collections.synchronizedList(new ArrayList<>());

    @Test
    void shouldWriteWhatTheSourceGives() {
        RunningPipeline running = Runs.run(letters().to(Sinks.into(written)));

        assertThat(written).containsExactly("a", "b", "c", "dd");
        assertThat(running.state()).isEqualTo(PipelineState.STOPPED);
        assertThat(running.failure()).isEmpty();
    }

    @Test
    void shouldMap() {
        Runs.run(letters().map(String::length).to(Sinks.into(written)));

        assertThat(written).containsExactly(1, 1, 1, 2);
    }

    @Test
    void shouldFilterAndCountWhatItDrops() {
        RunningPipeline running =
                Runs.run(letters().filter(letter -> letter.length() == 1).to(Sinks.into(written)));

        assertThat(written).containsExactly("a", "b", "c");
        assertThat(running.stats().stage("filter").dropped()).isOne();
        assertThat(running.stats().recordsDone()).isEqualTo(4);
    }

    @Test
    void shouldMakeAnyNumberOfValuesOfOne() {
        Runs.run(letters()
                .flatMap(letter -> letter.equals("a") ? List.of() : List.of(letter, letter + "!"))
                .to(Sinks.into(written)));

        assertThat(written).containsExactly("b", "b!", "c", "c!", "dd", "dd!");
    }

    @Test
    void shouldHandTheNewKeyToLaterStagesAndTheSink() {
        List<Object> keys = Collections.synchronizedList(new ArrayList<>());
        ManualSink<String> sink = ManualSink.create();
        ManualSource<String> source = ManualSource.pausable();
        source.feed(PipelineRecord.of("dd", "p", 0).withKey("old")).end();

        try (RunningPipeline running = Runs.runner()
                .start(Pipeline.named("p")
                        .from(source)
                        .peek(record -> keys.add(record.key()))
                        .keyBy(String::length)
                        .peek(record -> keys.add(record.key()))
                        .to(sink))) {
            sink.call(0).succeed();
            Runs.awaitEnd(running);
        }

        assertThat(keys).containsExactly("old", 2);
        assertThat(sink.call(0).batch().get(0).key()).isEqualTo(2);
    }

    @Test
    void shouldShowWholeRecordsToPeek() {
        List<PipelineRecord<Integer>> seen = Collections.synchronizedList(new ArrayList<>());
        ManualSource<String> source = ManualSource.pausable();
        source.feed(PipelineRecord.of("dd", "p", 7)
                        .withTimestamp(5)
                        .withHeaders(Headers.none().with("h", "x")))
                .end();

        Runs.run(Pipeline.named("p")
                .from(source)
                .map(String::length)
                .peek(seen::add)
                .to(Sinks.into(written)));

        assertThat(seen).singleElement().satisfies(record -> {
            assertThat(record.value()).isEqualTo(2);
            assertThat(record.position()).hasToString("p@7");
            assertThat(record.headers().lastText("h")).contains("x");
            assertThat(record.timestamp()).isPresent();
        });
        assertThat(written).containsExactly(2);
    }

    @Test
    void shouldJoinEachValueWithWhatThereIs() {
        RunningPipeline running = Runs.run(letters()
                .enrich(LENGTHS, letter -> letter, (letter, length) -> letter + length.orElse(0))
                .to(Sinks.into(written)));

        assertThat(written).containsExactly("a0", "b1", "c0", "dd2");
        assertThat(running.stats().stage("enrich").misses()).isEqualTo(2);
        assertThat(running.stats().stage("enrich").dropped()).isZero();
    }

    @Test
    void shouldDropValuesWithoutAnAnswerWhenAsked() {
        RunningPipeline running = Runs.run(letters()
                .enrichOrDrop(LENGTHS, letter -> letter, (letter, length) -> letter + length)
                .to(Sinks.into(written)));

        assertThat(written).containsExactly("b1", "dd2");
        assertThat(running.stats().stage("enrichOrDrop").misses()).isEqualTo(2);
        assertThat(running.stats().stage("enrichOrDrop").dropped()).isEqualTo(2);
    }

    @Test
    void shouldWriteToEverySink() {
        List<Object> aside = Collections.synchronizedList(new ArrayList<>());

        Runs.run(letters().alsoTo(Sinks.into(aside)).map(String::length).to(Sinks.into(written)));

        assertThat(aside).containsExactly("a", "b", "c", "dd");
        assertThat(written).containsExactly(1, 1, 1, 2);
    }

    @Test
    void shouldDropWhatADecoderDropsOnPurpose() {
        RunningPipeline running = Runs.run(Pipeline.named("p")
                .from(Sources.of("1", "", "3")
                        .decodedBy(raw -> raw.value().isEmpty() ? null : Integer.valueOf(raw.value())))
                .to(Sinks.into(written)));

        assertThat(written).containsExactly(1, 3);
        assertThat(running.stats().stage("from").dropped()).isOne();
    }

    private static Stage<String> letters() {
        return Pipeline.named("p").from(Sources.of("a", "b", "c", "dd"));
    }
}
