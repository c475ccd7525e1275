package dev.millrace.examples.security;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.regex.Pattern;

/** All that anybody logs at any level while this is open, searched as it comes, stack traces included. */
final class CapturedLogs implements AutoCloseable {

    private static final Logger ROOT = Logger.getLogger("");
    /** It tells URIs whole, so what is in their queries; no more than that may it tell. */
    private static final String HTTP_CLIENT = "jdk.internal.httpclient.debug";

    private static final Pattern QUERY = Pattern.compile("\\?\\S+");

    private final Canaries canaries;
    private final Level former = ROOT.getLevel();
    private final Queue<String> found = new ConcurrentLinkedQueue<>();
    private final Queue<String> ours = new ConcurrentLinkedQueue<>();
    private final Map<String, LongAdder> finest = new ConcurrentHashMap<>();
    private final Handler handler = new Handler() {

        private final SimpleFormatter formatter = new SimpleFormatter();

        @Override
        public void publish(LogRecord record) {
            search(String.valueOf(record.getLoggerName()), record, formatter.format(record));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    CapturedLogs(Canaries canaries) {
        this.canaries = canaries;
        handler.setLevel(Level.ALL);
        ROOT.addHandler(handler);
        ROOT.setLevel(Level.ALL);
    }

    private void search(String logger, LogRecord record, String text) {
        if (record.getLevel().intValue() <= Level.FINEST.intValue()) {
            finest.computeIfAbsent(logger, first -> new LongAdder()).increment();
        }
        boolean isOurs = logger.startsWith("dev.millrace");
        boolean isForDebugging = record.getLevel().intValue() < Level.INFO.intValue();
        if (isOurs) {
            ours.add(text);
        }
        Optional<String> told = canaries.anyIn(text);
        // What others log of payload for their own debugging is theirs; of secrets they may tell none either.
        String checked = logger.equals(HTTP_CLIENT) ? QUERY.matcher(text).replaceAll("") : text;
        if (told.isPresent()
                && (isOurs || !isForDebugging || canaries.secretIn(checked).isPresent())) {
            found.add(logger + ": " + told.get());
        }
    }

    /** What must not have been logged, since this was last asked. */
    List<String> takeFound() {
        List<String> taken = new ArrayList<>();
        for (String each = found.poll(); each != null; each = found.poll()) {
            taken.add(each);
        }
        return taken;
    }

    /** All that the library has logged. */
    String ours() {
        return String.join("", ours);
    }

    /** How many lines those whose names begin so have logged at the finest level. */
    long linesAtFinest(String loggers) {
        return finest.entrySet().stream()
                .filter(logger -> logger.getKey().startsWith(loggers))
                .mapToLong(logger -> logger.getValue().sum())
                .sum();
    }

    @Override
    public void close() {
        ROOT.setLevel(former);
        ROOT.removeHandler(handler);
    }
}
