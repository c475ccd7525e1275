package dev.millrace.pipeline.runtime;

import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/** A worker sleeps without a limit once its mailbox is empty, so a wake-up missed would be a task never run. */
@EnabledForJreRange(max = JRE.JAVA_25, disabledReason = "Lincheck knows no newer JDK")
class WakeUpInterleavingTest {

    private final Engine engine = Interleavings.endedEngine();

    @Test
    void shouldRunWhatIsMailedByOthersWhateverTheWorkerDoesMeanwhile() {
        Interleavings.of(() -> {
            Worker worker = Interleavings.startedWorker(engine);
            CountDownLatch run = new CountDownLatch(2);
            Interleavings.together(
                    () -> worker.execute(run::countDown), //
                    () -> worker.execute(run::countDown));
            await(run);
            worker.execute(worker::stop);
        });
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }
}
