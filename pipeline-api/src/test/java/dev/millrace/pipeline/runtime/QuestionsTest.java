package dev.millrace.pipeline.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.policy.FailurePolicy;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What others ask a worker. In virtual time none answers before the test lets it. */
class QuestionsTest {

    private final SimScheduler scheduler = new SimScheduler(new SplittableRandom(1), () -> false);
    private final SimEnvironment environment = new SimEnvironment(scheduler, false);
    private final AtomicInteger answers = new AtomicInteger();

    @Test
    void shouldLeaveNothingWithAWorkerThatDidNotAnswerInTime() {
        Worker worker = startedWorker();

        for (int i = 0; i < 3; i++) {
            assertThat(Reports.ask(List.of(worker), asked -> answers.incrementAndGet()))
                    .containsEntry(worker, Optional.empty());
        }
        runAll();
        assertThat(answers).hasValue(0);

        worker.execute(worker::stop);
        runAll();
        assertThat(Reports.ask(List.of(worker), asked -> answers.incrementAndGet()))
                .containsEntry(worker, Optional.of(1));
    }

    @Test
    void shouldAnswerWhatIsAskedWhileTheWorkerEnds() {
        Worker worker = startedWorker();
        worker.execute(worker::stop);
        worker.ask(answers::incrementAndGet);

        runAll();

        assertThat(answers).hasValue(1);
    }

    private Worker startedWorker() {
        Engine engine = Engine.start(
                Pipeline.named("asked").from(context -> timeout -> List.of()).to(Sinks.discard()),
                new RunnerOptions(),
                environment);
        Worker worker = new Worker(engine, "asked", 1);
        FailureRouter router = new FailureRouter(engine, worker);
        worker.start(List.of(new SyncSteps.Undecoded("from", FailurePolicy.stop(), router)), null);
        engine.abandon();
        return worker;
    }

    private void runAll() {
        scheduler.runUntil(() -> false, scheduler.now() + 1_000_000_000L);
    }
}
