package dev.millrace.faults;

import static dev.millrace.pipeline.policy.FailurePolicy.deadLetter;
import static dev.millrace.pipeline.policy.RetryPolicy.exponential;
import static dev.millrace.pipeline.policy.StageOptions.with;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;

import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.sun.management.UnixOperatingSystemMXBean;
import dev.millrace.cassandra.Cassandra;
import dev.millrace.cassandra.CassandraSink;
import dev.millrace.faults.EventRow.Region;
import dev.millrace.files.CsvTable;
import dev.millrace.kafka.JsonSerde;
import dev.millrace.kafka.Kafka;
import dev.millrace.kafka.KafkaSource;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Stage;
import dev.millrace.pipeline.micrometer.PipelineMetrics;
import dev.millrace.pipeline.policy.BatchPolicy;
import dev.millrace.pipeline.policy.Ordering;
import dev.millrace.pipeline.policy.StageOptions;
import dev.millrace.pipeline.record.DataLoss;
import dev.millrace.pipeline.runtime.PipelineFailedException;
import dev.millrace.pipeline.runtime.PipelineListener;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.PipelineState;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.pipeline.spi.Source;
import dev.millrace.pipeline.spi.UnavailableException;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What runs in the process that faults are injected into: Kafka to JSON to a table in a file to two tables of
 * Cassandra, one with a row for each event and one with the latest of each key, with retries and dead letters; or,
 * where it is given a directory of states, what {@link CountedEvents} has. Told what to do by {@link Settings} and by
 * the environment variable {@code CRASH_AT}. It says on standard output when it has started and how it has ended.
 */
final class PipelineUnderTest {

    static final String STARTED = "STARTED";
    static final String ENDED = "ENDED ";
    static final String LEFT_BEHIND = "LEFT BEHIND ";
    /** Then the partition, and the first and the last offset. */
    static final String DATA_LOST = "DATA LOST ";

    static final String IN_FLIGHT = "inFlight";
    static final String HEAP = "heap";
    static final String INTERRUPT = "interrupt";

    /** The number of the event that fills the heap. */
    static final String LARGE = "large";
    /** Milliseconds in all. */
    static final String COLLECTIONS = "collections";

    static final String THREADS = "threads";
    static final String FILES = "files";
    static final String METERS = "meters";

    private static final int START_ATTEMPTS = 5;
    private static final int WATCH_MILLIS = 200;
    private static final int COLLECT_EVERY = 25;
    private static final int INTERRUPT_MILLIS = 100;

    private final Settings settings;
    private final CrashPoint crash;
    private final Journal journal;
    private final MeterRegistry meters = new SimpleMeterRegistry();
    private final AtomicLong events = new AtomicLong();
    private int watches;

    private PipelineUnderTest(Settings settings, CrashPoint crash, Journal journal) {
        this.settings = settings;
        this.crash = crash;
        this.journal = journal;
    }

    public static void main(String... arguments) throws Exception {
        Settings settings = Settings.parse(arguments);
        CrashPoint crash = CrashPoint.parse(System.getenv("CRASH_AT"));
        try (Journal journal = Journal.append(Path.of(settings.text("journal")))) {
            new PipelineUnderTest(settings, crash, journal).run();
        }
    }

    private void run() throws InterruptedException {
        PipelineRunner runner = PipelineRunner.create()
                .workers((int) settings.number("workers", 2))
                .maxInFlight((int) maxInFlight(settings))
                .commitInterval(ofMillis(settings.number("commitMillis", 200)))
                .drainTimeout(ofMillis(settings.number("drainMillis", 10_000)))
                .listener(PipelineMetrics.to(meters))
                .listener(new Narrator());
        RunningPipeline running = start(runner);
        Thread stopper = new Thread(() -> stop(running), "stopper");
        Runtime.getRuntime().addShutdownHook(stopper);
        watch(running);
        if (settings.has("interrupts")) {
            Thread interrupter = new Thread(this::interruptAtRandom, "interrupter");
            interrupter.setDaemon(true);
            interrupter.start();
        }
        System.out.println(STARTED);
        try {
            running.awaitTermination();
        } catch (PipelineFailedException failure) {
            System.out.println(failure.getMessage());
        }
    }

    /** Again where a server was not reached in time, as whoever runs a service would: the machine may be busy. */
    private RunningPipeline start(PipelineRunner runner) {
        for (int attempt = 1; ; attempt++) {
            try {
                return runner.start(pipeline());
            } catch (PipelineFailedException failure) {
                if (attempt == START_ATTEMPTS || !(failure.getCause() instanceof UnavailableException)) {
                    throw failure;
                }
                System.out.println(failure.getMessage());
            }
        }
    }

    private static long maxInFlight(Settings settings) {
        return settings.number("maxInFlight", 2_000);
    }

    /** The most records in flight: a poll may overshoot the bound once, by what one poll brings. */
    static long mostInFlight(Settings settings) {
        return maxInFlight(settings) + Math.min(maxInFlight(settings), 500);
    }

    /** As a service does on SIGTERM: drain, or be quick about it, and say what became of it. */
    private void stop(RunningPipeline running) {
        if (settings.has("abandon")) {
            running.abandon();
        }
        running.close();
        System.out.println(LEFT_BEHIND + running.stats().recordsInFlight());
        System.out.println(ENDED + running.state());
    }

    private void watch(RunningPipeline running) {
        ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "watch");
            thread.setDaemon(true);
            return thread;
        });
        Future<?> unused = clock.scheduleAtFixedRate(
                () -> {
                    journal.note(IN_FLIGHT, running.stats().recordsInFlight());
                    if (settings.has("collecting")) {
                        collect();
                    }
                },
                WATCH_MILLIS,
                WATCH_MILLIS,
                TimeUnit.MILLISECONDS);
    }

    /** Any thread of the engine, in whatever it does, so often. */
    private void interruptAtRandom() {
        Random random = new Random(settings.number("seed", 0));
        String prefix = "millrace-" + settings.text("group") + '-';
        for (long i = 0; i < settings.number("interrupts", 0); i++) {
            LockSupport.parkNanos(ofMillis(INTERRUPT_MILLIS).toNanos());
            List<Thread> threads = Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> thread.getName().startsWith(prefix))
                    .sorted(Comparator.comparing(Thread::getName))
                    .toList();
            if (!threads.isEmpty()) {
                journal.note(INTERRUPT);
                threads.get(random.nextInt(threads.size())).interrupt();
            }
        }
    }

    /**
     * Now and then collects all of the heap, for what the old generation holds is not known otherwise, and notes what
     * else is held.
     */
    private void collect() {
        if (++watches % COLLECT_EVERY == 0) {
            System.gc();
            journal.note(HEAP, heapAfterCollection());
            journal.note(
                    COLLECTIONS,
                    ManagementFactory.getGarbageCollectorMXBeans().stream()
                            .mapToLong(GarbageCollectorMXBean::getCollectionTime)
                            .sum());
            journal.note(THREADS, ManagementFactory.getThreadMXBean().getThreadCount());
            if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
                journal.note(FILES, system.getOpenFileDescriptorCount());
            }
            journal.note(METERS, meters.getMeters().size());
        }
    }

    /** What the last collection left, over all pools. */
    private static long heapAfterCollection() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP && pool.getCollectionUsage() != null)
                .mapToLong(pool -> pool.getCollectionUsage().getUsed())
                .sum();
    }

    private Pipeline pipeline() {
        Kafka kafka = Kafka.at(settings.text("kafka"));
        Cassandra cassandra = cassandra();
        return settings.has("states") ? counting(kafka, cassandra) : writing(kafka, cassandra);
    }

    private Pipeline counting(Kafka kafka, Cassandra cassandra) {
        Stage<Event> events = Pipeline.named(settings.text("group"))
                .from(source(kafka))
                .map(this::checked, with().onFailure(deadLetter(kafka.deadLetters(settings.text("deadLetters")))));
        return CountedEvents.pipeline(events, settings, cassandra, journal);
    }

    private Pipeline writing(Kafka kafka, Cassandra cassandra) {
        CassandraSink<EventRow> events = cassandra.sink("faults." + settings.text("table"), EventRow.class);
        CassandraSink<EventRow> latest = cassandra
                .sink("faults." + settings.text("table") + "_latest", EventRow.class)
                .without("id")
                .without("crc")
                .without("region")
                .writtenAt(EventRow::version);
        WatchedSink watched = new WatchedSink(
                settings.has("stuckKey") ? new StuckKey(events, settings.text("stuckKey")) : events,
                crash,
                journal,
                settings.number("hangAfter", Long.MAX_VALUE),
                new Pace(settings.number("sinkRecordsPerSecond", Long.MAX_VALUE)));
        CsvTable<String, Region> regions =
                CsvTable.of(Path.of(settings.text("regions")), Region.class).keyedBy(Region::key);
        StageOptions options = with().retry(
                        exponential(ofMillis(20), ofSeconds(1)).maxAttempts((int) settings.number("attempts", 3)))
                .ordering(Ordering.valueOf(settings.text("ordering", "PER_PARTITION")))
                .batch(settings.has("stuckKey") ? BatchPolicy.of(1, Duration.ZERO) : BatchPolicy.whatWaits())
                .onFailure(deadLetter(new WatchedDeadLetters(
                        kafka.deadLetters(settings.text("deadLetters")),
                        crash,
                        settings.has("deadLettersNotAwaited"))));
        return Pipeline.named(settings.text("group"))
                .from(source(kafka))
                .map(this::checked)
                .enrich(regions, Event::key, EventRow::of)
                .alsoTo(latest, options)
                .to(watched, options);
    }

    private Source<Event> source(Kafka kafka) {
        Kafka tuned = kafka;
        if (settings.has("instance")) {
            tuned = tuned.with("group.instance.id", settings.text("instance"));
        }
        if (settings.text("protocol", "classic").equals("consumer")) {
            tuned = tuned.with("group.protocol", "consumer");
        } else {
            tuned = tuned.with("session.timeout.ms", (int) settings.number("sessionMillis", Servers.SESSION_MILLIS))
                    .with("heartbeat.interval.ms", Servers.HEARTBEAT_MILLIS);
            if (settings.has("assignor")) {
                tuned = tuned.with("partition.assignment.strategy", settings.text("assignor"));
            }
        }
        KafkaSource<Event> source = tuned.source(settings.text("topic"), JsonSerde.of(Event.class));
        if (settings.has("continueOnDataLoss")) {
            source = source.continueOnDataLoss();
        }
        Source<ConsumerRecord<byte[], byte[]>> raw = source.unwrapped().raw();
        return new WatchedSource<>(raw, crash, journal, settings.has("commitAtPoll"))
                .decodedBy(source.unwrapped().decoder());
    }

    private Cassandra cassandra() {
        return Cassandra.at(settings.text("cassandra"))
                .configure(options -> options.withDuration(
                                DefaultDriverOption.REQUEST_TIMEOUT, ofMillis(settings.number("requestMillis", 5_000)))
                        .withDuration(DefaultDriverOption.RECONNECTION_BASE_DELAY, ofMillis(200))
                        .withDuration(DefaultDriverOption.RECONNECTION_MAX_DELAY, ofSeconds(1)));
    }

    private Event checked(Event event) {
        if (!event.isSound() && !settings.has("poisonInSink")) {
            throw new IllegalStateException("the checksum does not fit");
        }
        if (events.incrementAndGet() == settings.number("memoryRunsOutAt", Long.MAX_VALUE)) {
            journal.note(LARGE, Long.parseLong(event.id().substring(1)));
            // No error thrown by hand: the heap is really full.
            List<byte[]> hoard = new ArrayList<>();
            while (hoard.size() < Integer.MAX_VALUE) {
                hoard.add(new byte[1 << 20]);
            }
        }
        return event;
    }

    private final class Narrator implements PipelineListener {

        @Override
        public void onStateChange(String pipeline, PipelineState state) {
            journal.note(state.name());
        }

        @Override
        public void onDataLoss(String pipeline, String stage, DataLoss loss) {
            System.out.println(DATA_LOST
                    + loss.partition()
                    + ' '
                    + loss.from()
                    + ' '
                    + loss.to().orElse(Long.MAX_VALUE));
        }

        @Override
        public void onUnavailable(String pipeline, String stage, Duration delay, Throwable cause) {
            journal.note("unavailable");
        }
    }
}
