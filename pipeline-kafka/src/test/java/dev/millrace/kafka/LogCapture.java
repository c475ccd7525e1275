package dev.millrace.kafka;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** What anybody logs, and Millrace at whatever level, while this is open; other tests may run meanwhile. */
final class LogCapture implements AutoCloseable {

    private static final Logger ROOT = Logger.getLogger("");
    private static final Logger OURS = Logger.getLogger("dev.millrace");
    private static int open;

    private final Queue<String> lines = new ConcurrentLinkedQueue<>();
    private final Handler handler = new Handler() {

        private final SimpleFormatter formatter = new SimpleFormatter();

        @Override
        public void publish(LogRecord record) {
            lines.add(formatter.format(record));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    LogCapture() {
        handler.setLevel(Level.ALL);
        ROOT.addHandler(handler);
        opened(1);
    }

    /** The level is that of the first one and stays until the last is closed. */
    private static synchronized void opened(int more) {
        open += more;
        OURS.setLevel(open == 0 ? null : Level.FINEST);
    }

    String text() {
        return String.join("", lines);
    }

    @Override
    public void close() {
        opened(-1);
        ROOT.removeHandler(handler);
    }
}
