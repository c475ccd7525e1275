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

    private final Logger root = Logger.getLogger("");
    private final Logger ours = Logger.getLogger("dev.millrace");
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
        root.addHandler(handler);
        ours.setLevel(Level.FINEST);
    }

    String text() {
        return String.join("", lines);
    }

    @Override
    public void close() {
        ours.setLevel(null);
        root.removeHandler(handler);
    }
}
