package dev.millrace.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.ResourceBundle;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SeldomWarningTest {

    private final List<String> lines = new ArrayList<>();
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
    private final SeldomWarning warning = new SeldomWarning(
            new System.Logger() {
                @Override
                public String getName() {
                    return "test";
                }

                @Override
                public boolean isLoggable(Level level) {
                    return true;
                }

                @Override
                public void log(Level level, ResourceBundle bundle, String message, Throwable thrown) {
                    lines.add(level + " " + message);
                }

                @Override
                public void log(Level level, ResourceBundle bundle, String format, Object... params) {
                    lines.add(level + " " + format);
                }
            },
            now::get);

    @Test
    void shouldWarnAtOnceAndThenSayInAWhileHowManyThereWere() {
        warning.log("{0} of a name");
        now.addAndGet(Duration.ofSeconds(9).toNanos());
        warning.log("second");
        now.addAndGet(Duration.ofSeconds(1).toNanos());
        warning.log("third");
        now.addAndGet(Duration.ofSeconds(10).toNanos());
        warning.log("fourth");

        assertThat(lines)
                .containsExactly(
                        "WARNING {0} of a name",
                        "DEBUG second", "WARNING third (the last of 2 such since the last warning)", "WARNING fourth");
    }
}
