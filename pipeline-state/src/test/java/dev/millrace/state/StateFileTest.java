package dev.millrace.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StateFileTest {

    @TempDir
    Path directory;

    private StateFile file() {
        return new StateFile(directory, "counts.states", true);
    }

    @Test
    void shouldCloseBehindACallThatHangsAndLetGoOnceThatEnds() throws Exception {
        StateFile file = file();
        CountDownLatch hanging = new CountDownLatch(1);
        CountDownLatch answering = new CountDownLatch(1);
        CompletableFuture<Boolean> call = CompletableFuture.supplyAsync(() -> file.call(open -> {
            hanging.countDown();
            return awaited(answering);
        }));
        hanging.await();

        file.close();
        answering.countDown();

        assertThat(call.get()).isTrue();
        assertThatThrownBy(() -> file.load("p"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageEndingWith("is closed");
        StateFile next = file();
        assertThat(next.load("p")).isEmpty();
        next.close();
    }

    private static boolean awaited(CountDownLatch latch) {
        try {
            latch.await();
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    @Test
    void shouldLeaveTheFileToItsNextUserWhenItIsClosedTwice() {
        StateFile first = file();
        first.load("p");
        first.close();
        StateFile second = file();
        second.load("p");

        first.close();

        assertThatThrownBy(() -> file().load("p")).hasMessageEndingWith("is in use by this process already");
        second.close();
    }
}
