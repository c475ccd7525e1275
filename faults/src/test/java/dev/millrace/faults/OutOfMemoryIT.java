package dev.millrace.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** F39: the heap of the process is really full, in the midst of a function of the pipeline. */
class OutOfMemoryIT {

    @Test
    void shouldFailWithTheCauseAndLoseNothingWhenMemoryRunsOut() throws Exception {
        try (Scene scene = new Scene(0)) {
            scene.load().start(500);
            // Late enough for commits before it: with so few in flight most of them are done, and not at once.
            ChildPipeline pipeline = runOutOfMemory(
                    scene,
                    scene.settings()
                            .with("memoryRunsOutAt", 3_000)
                            .with("maxInFlight", 100)
                            .with("sinkRecordsPerSecond", 500));

            Map<TopicPartition, Long> committed = scene.oracle().committed();
            assertThat(Oracle.sum(committed)).as("committed before").isPositive();
            String large = "e" + pipeline.greatest(PipelineUnderTest.LARGE);
            scene.load()
                    .sent()
                    .forEach((partition, events) -> events.forEach((offset, sent) -> {
                        if (sent.event().id().equals(large)) {
                            assertThat(committed.getOrDefault(partition, 0L))
                                    .as("%s was committed, but not beyond what filled the memory", partition)
                                    .isLessThanOrEqualTo(offset);
                        }
                    }));
            scene.finish(scene.settings());
        }
    }

    /** With so long an interval, the only commit of what is done would be that of the end. */
    @Test
    void shouldCommitNothingMoreWhenMemoryRunsOut() throws Exception {
        try (Scene scene = new Scene(0)) {
            scene.load().start(500);
            ChildPipeline pipeline = runOutOfMemory(
                    scene,
                    scene.settings()
                            .with("memoryRunsOutAt", 3_000)
                            .with("maxInFlight", 100)
                            .with("commitMillis", Duration.ofHours(1).toMillis()));

            assertThat(pipeline.noted("ack")).as("done before").isPositive();
            assertThat(pipeline.noted("commit")).isZero();
            assertThat(Oracle.sum(scene.oracle().committed())).isZero();
            scene.finish(scene.settings());
        }
    }

    /** The process has ended. */
    private static ChildPipeline runOutOfMemory(Scene scene, Settings settings) throws Exception {
        try (ChildPipeline pipeline = ChildPipeline.start(scene.next(settings.with("heapMegabytes", 64)))) {
            pipeline.awaitExit();
            assertThat(pipeline.output())
                    .contains(PipelineUnderTest.ENDED + "FAILED")
                    .contains(OutOfMemoryError.class.getSimpleName());
            scene.oracle().checkFrozenState("out of memory");
            return pipeline;
        }
    }
}
