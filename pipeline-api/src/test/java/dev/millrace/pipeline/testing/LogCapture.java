package dev.millrace.pipeline.testing;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** Everything that Millrace logs, at whatever level, while this is open. */
public final class LogCapture implements AutoCloseable {

    /** A line, and its text as a handler would write it, with what was thrown. */
    public record Line(String logger, Level level, String message, String text) {}

    private final Logger logger = Logger.getLogger("dev.millrace");
    private final List<Line> lines = new CopyOnWriteArrayList<>();
    private final Handler handler = new Handler() {

        private final SimpleFormatter formatter = new SimpleFormatter();

        @Override
        public void publish(LogRecord record) {
            lines.add(new Line(
                    record.getLoggerName(),
                    record.getLevel(),
                    formatter.formatMessage(record),
                    formatter.format(record)));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    public LogCapture() {
        handler.setLevel(Level.ALL);
        logger.setLevel(Level.ALL);
        logger.addHandler(handler);
    }

    public List<Line> lines() {
        return List.copyOf(lines);
    }

    /** The messages of that level, in their order. */
    public List<String> messages(Level level) {
        return lines.stream()
                .filter(line -> line.level().equals(level))
                .map(Line::message)
                .toList();
    }

    @Override
    public void close() {
        logger.removeHandler(handler);
        logger.setLevel(null);
    }
}
