package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.runtime.Interleavings.Signal;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A source loop that is held back goes to sleep, and the worker that makes room at that very moment must wake it. */
@EnabledForJreRange(max = JRE.JAVA_25, disabledReason = "Lincheck knows no newer JDK")
class PressureInterleavingTest {

    private final Engine engine = Interleavings.endedEngine();

    /** Where there are two, there is room only once both are done. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void shouldWakeTheSourceLoopOnceThereIsRoom(int workers) {
        RunnerOptions options = new RunnerOptions();
        options.workers = workers;
        options.maxInFlight = workers;
        Interleavings.of(50 / workers, () -> {
            Pressure pressure = new Pressure(options, engine.pipeline().graph());
            Signal room = new Signal();
            List<Partition> partitions = new ArrayList<>();
            List<Runnable> tasks = new ArrayList<>();
            for (int i = 0; i < workers; i++) {
                Worker worker = new Worker(engine, "worker", 1);
                Partition partition = new Partition("p" + i, worker);
                partition.dispatchedRecords = 1;
                partition.receive(List.of(PipelineRecord.of("value", "p" + i, 0)), 0);
                Flight flight = partition.begin(0);
                partitions.add(partition);
                tasks.add(() -> {
                    flight.release();
                    partition.publish();
                    if (pressure.isRelieved(worker.counters)) {
                        room.give();
                    }
                });
            }
            tasks.add(() -> {
                while (pressure.isFull(partitions, true)) {
                    room.await();
                }
            });
            Interleavings.together(tasks.toArray(Runnable[]::new));
        });
    }
}
