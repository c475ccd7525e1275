package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.runtime.Interleavings.Signal;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/** A loop with nothing to do sleeps without a limit, so that a wake-up missed would be a task never run. */
@EnabledForJreRange(max = JRE.JAVA_25, disabledReason = "Lincheck knows no newer JDK")
class WakeUpInterleavingTest {

    private static final int TASKS = 2;

    private final ThreadedEnvironment environment = new ThreadedEnvironment("wake-up");

    @AfterEach
    void close() {
        environment.close();
    }

    @Test
    void shouldSeeWhatOthersLeaveForItWhateverItDoesMeanwhile() {
        Interleavings.of(250, () -> {
            AtomicInteger mailbox = new AtomicInteger();
            Signal ended = new Signal();
            Environment.Loop loop = environment.loop(
                    "loop",
                    () -> {
                        if (mailbox.get() < TASKS) {
                            return Environment.Cycle.WHEN_WOKEN;
                        }
                        ended.give();
                        return Environment.Cycle.ENDED;
                    },
                    true);
            loop.start();
            Interleavings.together(() -> mail(mailbox, loop), () -> mail(mailbox, loop));
            ended.await();
        });
    }

    private static void mail(AtomicInteger mailbox, Environment.Loop loop) {
        mailbox.incrementAndGet();
        loop.wake();
    }
}
