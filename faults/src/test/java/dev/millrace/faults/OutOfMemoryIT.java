package dev.millrace.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentNavigableMap;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** F39: the heap of the process is really full, in the midst of a function of the pipeline. */
class OutOfMemoryIT {

    @Test
    void shouldFailAndCommitNothingMoreWhenMemoryRunsOut() throws Exception {
        try (Scene scene = new Scene(0)) {
            Settings settings = scene.settings().with("heapMegabytes", 64).with("memoryRunsOutAt", "e1000");
            scene.load().start(500);
            try (ChildPipeline pipeline = ChildPipeline.start(scene.next(settings))) {
                pipeline.awaitExit(Duration.ofMinutes(1));
                assertThat(pipeline.output())
                        .contains(PipelineUnderTest.ENDED + "FAILED")
                        .contains(OutOfMemoryError.class.getSimpleName());
            }
            scene.oracle().checkFrozenState("out of memory");
            scene.oracle()
                    .committed()
                    .forEach((partition, offset) -> assertThat(offset)
                            .as("%s was committed", partition)
                            .isLessThanOrEqualTo(offsetOfTheLargeOne(scene, partition)));
            scene.finish(scene.settings());
        }
    }

    private static long offsetOfTheLargeOne(Scene scene, TopicPartition partition) {
        ConcurrentNavigableMap<Long, Load.Sent> events = scene.load().sent().get(partition);
        return events.entrySet().stream()
                .filter(entry -> entry.getValue().event().id().equals("e1000"))
                .mapToLong(Map.Entry::getKey)
                .findFirst()
                .orElse(Long.MAX_VALUE);
    }
}
