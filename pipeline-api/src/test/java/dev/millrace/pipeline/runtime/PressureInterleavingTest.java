package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.record.PipelineRecord;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/** A source loop that is held back goes to sleep, and the worker that makes room at that very moment must wake it. */
@EnabledForJreRange(max = JRE.JAVA_25, disabledReason = "Lincheck knows no newer JDK")
class PressureInterleavingTest {

    private static final int RECORDS = 2;

    private final Engine engine = Interleavings.endedEngine();
    private final ThreadedEnvironment environment = new ThreadedEnvironment("pressure");
    private final RunnerOptions options = new RunnerOptions();

    PressureInterleavingTest() {
        options.workers = 1;
        options.maxInFlight = RECORDS;
    }

    @Test
    void shouldWakeTheSourceLoopOnceThereIsRoom() {
        Interleavings.of(() -> {
            Pressure pressure = new Pressure(options, engine.pipeline().graph());
            Worker worker = new Worker(engine, "worker", 1);
            Partition partition = new Partition("p", worker);
            partition.dispatchedRecords = RECORDS;
            CountDownLatch hasRoom = new CountDownLatch(1);
            Environment.Loop source = environment.loop(
                    "source",
                    () -> {
                        if (pressure.isFull(List.of(partition), true)) {
                            return Environment.Cycle.WHEN_WOKEN;
                        }
                        hasRoom.countDown();
                        return Environment.Cycle.ENDED;
                    },
                    true);
            source.start();

            for (int offset = 0; offset < RECORDS; offset++) {
                partition.receive(List.of(PipelineRecord.of("value", "p", offset)), 0);
                partition.begin(0).release();
                partition.publish();
                if (pressure.isRelieved(worker.counters)) {
                    source.wake();
                }
            }

            try {
                hasRoom.await();
            } catch (InterruptedException interrupted) {
                throw new AssertionError(interrupted);
            }
        });
    }
}
