package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.runtime.Interleavings.Signal;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/** A source loop that is held back goes to sleep, and the worker that makes room at that very moment must wake it. */
@EnabledForJreRange(max = JRE.JAVA_25, disabledReason = "Lincheck knows no newer JDK")
class PressureInterleavingTest {

    private final Engine engine = Interleavings.endedEngine();
    private final RunnerOptions options = new RunnerOptions();

    PressureInterleavingTest() {
        options.workers = 1;
        options.maxInFlight = 1;
    }

    @Test
    void shouldWakeTheSourceLoopOnceThereIsRoom() {
        Interleavings.of(50, () -> {
            Pressure pressure = new Pressure(options, engine.pipeline().graph());
            Worker worker = new Worker(engine, "worker", 1);
            Partition partition = new Partition("p", worker);
            List<Partition> partitions = List.of(partition);
            partition.dispatchedRecords = 1;
            partition.receive(List.of(PipelineRecord.of("value", "p", 0)), 0);
            Flight flight = partition.begin(0);
            Signal room = new Signal();
            Interleavings.together(
                    () -> {
                        while (pressure.isFull(partitions, true)) {
                            room.await();
                        }
                    },
                    () -> {
                        flight.release();
                        partition.publish();
                        if (pressure.isRelieved(worker.counters)) {
                            room.give();
                        }
                    });
        });
    }
}
