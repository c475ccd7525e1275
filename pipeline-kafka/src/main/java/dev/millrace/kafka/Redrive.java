package dev.millrace.kafka;

import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Stage;
import dev.millrace.pipeline.function.ThrowingPredicate;
import dev.millrace.pipeline.policy.Throttle;
import dev.millrace.pipeline.runtime.PipelineFailedException;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.pipeline.spi.Sink;
import dev.millrace.pipeline.spi.WriteResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Puts the records of a dead-letter topic back into the topics that they came from, once what made them fail is mended.
 *
 * <pre>{@code
 * RedriveSummary summary = kafka.redrive("ratings-dlq")
 *         .into("ratings")
 *         .perSecond(100)
 *         .run();
 * }</pre>
 *
 * <p><b>What is put back</b> is the record as it was: key, value, timestamp and headers, less those that say why it
 * failed, and with {@code millrace.replays} saying how often it was put back. Where the timestamp is older than what
 * its topic retains, Kafka may delete it again within minutes, so somebody should be reading. Its partition follows
 * from its key. A record that fails again becomes a dead letter again and keeps that number, so that it comes round at
 * most {@link #maxReplays} times.
 *
 * <p><b>What is not trusted.</b> Whoever may write to a dead-letter topic may forge headers. A record only goes to a
 * topic that {@link #into} names; nothing goes to the dead-letter topic itself nor to one of Kafka's own, whatever is
 * allowed. A letter with a malformed header, or of another origin, is left where it is and counted by the reason.
 *
 * <p><b>Which letters.</b> Those that the topic holds when the run begins and that no former run has seen: how far runs
 * have come is committed to a group, by default {@code redrive-} and the topic's name. What a run leaves out, refuses
 * or finds exhausted counts as seen, too, so a run with a {@link #filter} needs a {@link #group} of its own. Letters
 * stay in the topic until its retention ends.
 *
 * <p><b>Promise.</b> At least once: a run that breaks off has committed what it put back, less what was in flight, at
 * most 1,000 letters, which the next run puts back again. One run of a group at a time. Runs are pipelines like others
 * and wait, without end, for a cluster that is gone.
 *
 * <p>Immutable and thread-safe; each method but {@link #run} and {@link #dryRun} returns a changed copy.
 */
public final class Redrive {

    private static final int IN_FLIGHT = 1_000;
    private static final Duration COMMIT_INTERVAL = Duration.ofMillis(200);

    private final ClientProperties cluster;
    private final String letters;
    private final Set<String> topics;
    private final boolean anyTopic;
    private final List<ThrowingPredicate<? super StoredLetter>> filters;
    private final int maxReplays;
    private final @Nullable Throttle pace;
    private final @Nullable String group;

    private Redrive(
            ClientProperties cluster,
            String letters,
            Set<String> topics,
            boolean anyTopic,
            List<ThrowingPredicate<? super StoredLetter>> filters,
            int maxReplays,
            @Nullable Throttle pace,
            @Nullable String group) {
        this.cluster = cluster;
        this.letters = letters;
        this.topics = topics;
        this.anyTopic = anyTopic;
        this.filters = filters;
        this.maxReplays = maxReplays;
        this.pace = pace;
        this.group = group;
    }

    static Redrive of(ClientProperties cluster, String letters) {
        if (letters.isBlank()) {
            throw new IllegalArgumentException("deadLetters must not be blank");
        }
        return new Redrive(cluster, letters, Set.of(), false, List.of(), 3, null, null);
    }

    /** The topics that records may be put back into; letters from other topics are refused. */
    public Redrive into(String... topics) {
        if (topics.length == 0) {
            throw new IllegalArgumentException("topics must not be empty");
        }
        return new Redrive(cluster, letters, Set.of(topics), false, filters, maxReplays, pace, group);
    }

    /**
     * Lets records go back into whatever topic their letters name. For a dead-letter topic to which nobody can write
     * whom one would not let write to all those topics.
     */
    public Redrive intoAnyTopic() {
        return new Redrive(cluster, letters, Set.of(), true, filters, maxReplays, pace, group);
    }

    /**
     * Only the letters for which this holds, and what earlier filters ask for, such as {@code letter ->
     * letter.stage().equals("enrich")}. Called by several threads at once; where it throws, the run ends with that
     * failure.
     */
    public Redrive filter(ThrowingPredicate<? super StoredLetter> filter) {
        List<ThrowingPredicate<? super StoredLetter>> more = new ArrayList<>(filters);
        more.add(Objects.requireNonNull(filter, "filter"));
        return new Redrive(cluster, letters, topics, anyTopic, List.copyOf(more), maxReplays, pace, group);
    }

    /** How often a record may be put back, by all runs together; by default 3. */
    public Redrive maxReplays(int times) {
        if (times < 1) {
            throw new IllegalArgumentException("times must be positive, got " + times);
        }
        return new Redrive(cluster, letters, topics, anyTopic, filters, times, pace, group);
    }

    /** At most that many records a second; by default as fast as they can be read and written. */
    public Redrive perSecond(double records) {
        return new Redrive(cluster, letters, topics, anyTopic, filters, maxReplays, Throttle.perSecond(records), group);
    }

    /** The group that keeps how far runs have come; by default {@code redrive-} and the dead-letter topic's name. */
    public Redrive group(String name) {
        if (name.isBlank()) {
            throw new IllegalArgumentException("name must not be blank");
        }
        return new Redrive(cluster, letters, topics, anyTopic, filters, maxReplays, pace, name);
    }

    /**
     * Puts the letters back, and waits until all are done that the topic held at the start.
     *
     * @throws IllegalStateException if neither {@link #into} nor {@link #intoAnyTopic} was said, or a {@link #filter}
     *     without a {@link #group}
     * @throws PipelineFailedException if the run could not start or broke off; what it has done is committed
     * @throws InterruptedException if the waiting thread is interrupted: the run is abandoned, and has ended
     */
    public RedriveSummary run() throws InterruptedException {
        return run(false);
    }

    /** As {@link #run}, but at full speed, and writes and commits nothing: its answer says what a run would do. */
    public RedriveSummary dryRun() throws InterruptedException {
        return run(true);
    }

    private RedriveSummary run(boolean dry) throws InterruptedException {
        requireComplete();
        RedriveCounts counts = new RedriveCounts();
        PipelineRunner runner = PipelineRunner.create().maxInFlight(IN_FLIGHT).commitInterval(COMMIT_INTERVAL);
        try (RunningPipeline running = runner.start(pipeline(counts, dry))) {
            try {
                running.awaitTermination();
            } catch (InterruptedException e) {
                running.abandon();
                throw e;
            }
        }
        return counts.summary(dry);
    }

    private void requireComplete() {
        if (topics.isEmpty() && !anyTopic) {
            throw new IllegalStateException("the re-drive of '" + letters
                    + "' must be told into which topics records may go: into(..), or intoAnyTopic()");
        }
        if (!filters.isEmpty() && group == null) {
            throw new IllegalStateException("the re-drive of '" + letters
                    + "' has a filter, so it needs a group of its own, group(..): what it leaves out counts as seen");
        }
    }

    Pipeline pipeline(RedriveCounts counts, boolean dry) {
        SourceOptions options = SourceOptions.of(cluster, List.of(letters))
                .group(group == null ? "redrive-" + letters : group)
                .skippingLostData()
                .untilEnd();
        Stage<StoredLetter> replayable = Pipeline.named("redrive-" + letters)
                .from(new RawSource(dry ? options.withoutCommits() : options))
                .flatMap(record -> replayable(record, counts));
        if (dry) {
            Sink<StoredLetter> counting = context -> batch -> {
                batch.forEach(record -> counts.replayed(record.value()));
                return WriteResult.alreadyWritten();
            };
            return replayable.to(counting);
        }
        return (pace == null ? replayable : replayable.throttle(pace)).to(new ReplaySink(cluster, counts));
    }

    /** The letter if it is to be put back, or none. */
    private List<StoredLetter> replayable(ConsumerRecord<byte[], byte[]> record, RedriveCounts counts)
            throws Exception {
        counts.read();
        StoredLetter letter;
        try {
            letter = StoredLetter.of(record);
        } catch (MalformedLetterException e) {
            counts.refused(String.valueOf(e.getMessage()), StoredLetter.position(record));
            return List.of();
        }
        for (ThrowingPredicate<? super StoredLetter> filter : filters) {
            if (!filter.test(letter)) {
                counts.filteredOut();
                return List.of();
            }
        }
        if (!anyTopic && !topics.contains(letter.topic())) {
            counts.refused("its topic is not one of those allowed", letter.position());
        } else if (letter.topic().equals(letters) || letter.topic().startsWith("__")) {
            counts.refused("its topic is the dead-letter topic itself, or one of Kafka's own", letter.position());
        } else if (letter.replays() >= maxReplays) {
            counts.exhausted(letter.position());
        } else {
            return List.of(letter);
        }
        return List.of();
    }

    @Override
    public String toString() {
        return "Redrive[" + letters + "]";
    }
}
