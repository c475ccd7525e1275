package dev.millrace.pipeline.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sources;
import dev.millrace.pipeline.policy.Ordering;
import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.OffsetRun;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * The ledger of a partition against a naive model of it, through random orders of begin, retain, release, publish and
 * close. The model keeps each record's tokens in a sorted map and works everything out anew.
 */
class LedgerModelTest {

    /** Of a record that nobody could decode. */
    private static final String UNKNOWN = "?";

    private static final int HISTORIES = Integer.getInteger("millrace.histories", 5_000);

    private final Worker worker = idleWorker();

    /** A worker that never runs, for what a partition tells it. */
    private static Worker idleWorker() {
        SimScheduler scheduler = new SimScheduler(new SplittableRandom(1), () -> true);
        Engine engine = Engine.start(
                Pipeline.named("ledger").from(Sources.of("none")).to(context -> batch -> {
                    throw new AssertionError("nothing runs here");
                }),
                new RunnerOptions(),
                new SimEnvironment(scheduler, false));
        return new Worker(engine, "idle", 1);
    }

    @Test
    void shouldAgreeWithTheModelInEveryHistory() {
        for (long seed = 1; seed <= HISTORIES; seed++) {
            new History(worker, seed).run();
        }
    }

    /** What a seed does to a partition, and what must come of it. */
    private static final class History {

        private final SplittableRandom random;
        private final String name;
        private final Partition partition;
        private final List<Flight> open = new ArrayList<>();
        private final TreeMap<Long, Integer> tokens = new TreeMap<>();
        private final Map<Long, String> keys = new HashMap<>();
        private final List<Long> inbox = new ArrayList<>();
        private long nextOffset;
        private long begunUpTo = Partition.NO_FRONTIER;
        private long lastFrontier = Partition.NO_FRONTIER;
        private boolean isClosed;

        History(Worker worker, long seed) {
            this.random = new SplittableRandom(seed);
            this.name = "seed " + seed;
            this.partition = new Partition("p", worker);
            this.nextOffset = random.nextInt(3);
        }

        void run() {
            int steps = 5 + random.nextInt(120);
            for (int i = 0; i < steps; i++) {
                step();
                if (random.nextInt(3) == 0) {
                    partition.publishRuns(); // with the frontier
                    checkRuns();
                } else {
                    partition.publish();
                }
                check();
            }
            // Acknowledged in any order, all of it is done in the end.
            while (!open.isEmpty()) {
                release();
            }
            partition.publish();
            check();
            if (!isClosed) {
                assertThat(partition.first()).as(name).isNull();
                assertThat(partition.ledgerSize()).as(name).isZero();
            }
        }

        private void step() {
            switch (random.nextInt(10)) {
                case 0, 1 -> receive();
                case 2, 3, 4 -> begin();
                case 5 -> retain();
                case 6, 7, 8 -> release();
                default -> {
                    if (random.nextInt(20) == 0) {
                        close();
                    } else if (random.nextInt(10) == 0) {
                        partition.discardInbox();
                        inbox.clear();
                    }
                }
            }
        }

        private void receive() {
            List<PipelineRecord<?>> run = new ArrayList<>();
            for (int i = 1 + random.nextInt(4); i > 0; i--) {
                run.add(PipelineRecord.of("value", "p", nextOffset).withSize(1));
                if (!isClosed) {
                    inbox.add(nextOffset);
                }
                // Sources leave gaps: markers of transactions, compaction.
                nextOffset += random.nextInt(4) == 0 ? 1 + random.nextInt(5) : 1;
            }
            partition.receive(run, run.size());
        }

        private void begin() {
            assertThat(partition.hasInbox()).as(name).isEqualTo(!inbox.isEmpty());
            if (inbox.isEmpty()) {
                return;
            }
            Flight flight = partition.begin(0);
            assertThat(flight.offset).as(name).isEqualTo(inbox.remove(0));
            open.add(flight);
            tokens.put(flight.offset, 1);
            String key = random.nextInt(5) == 0 ? null : "k" + random.nextInt(6);
            boolean isDecoded = random.nextInt(30) > 0;
            flight.lane = isDecoded ? Lanes.of(Ordering.PER_KEY, flight, key) : null;
            keys.put(flight.offset, isDecoded ? String.valueOf(key) : UNKNOWN);
            begunUpTo = flight.offset + 1;
        }

        private void retain() {
            if (!open.isEmpty()) {
                Flight flight = open.get(random.nextInt(open.size()));
                flight.retain();
                open.add(flight);
                tokens.merge(flight.offset, 1, Integer::sum);
            }
        }

        private void release() {
            if (!open.isEmpty()) {
                Flight flight = open.remove(random.nextInt(open.size()));
                flight.release();
                tokens.merge(flight.offset, -1, Integer::sum);
                assertThat(flight.isDone()).as(name).isEqualTo(tokens.get(flight.offset) == 0);
            }
        }

        private void close() {
            partition.close();
            isClosed = true;
            inbox.clear();
        }

        private void check() {
            if (isClosed) {
                // What comes late changes nothing that anybody commits.
                assertThat(partition.frontier()).as(name).isEqualTo(lastFrontier);
                assertThat(partition.hasInbox()).as(name).isFalse();
                return;
            }
            long frontier = frontier();
            assertThat(partition.frontier()).as(name).isEqualTo(frontier);
            assertThat(frontier).as(name).isGreaterThanOrEqualTo(lastFrontier);
            assertThat(partition.ledgerSize())
                    .as(name)
                    .isEqualTo(tokens.tailMap(frontier, true).size());
            Flight first = partition.first();
            if (first != null) {
                assertThat(first.offset).as(name).isEqualTo(frontier);
                assertThat(tokens.get(first.offset)).as(name).isPositive();
            }
            lastFrontier = frontier;
            checkOldRuns();
        }

        /** Told is each record that is done, unless one before it is not that is or may be of its key. */
        private void checkRuns() {
            if (isClosed) {
                return;
            }
            List<OffsetRun> runs = partition.runs();
            Set<String> undone = new HashSet<>();
            tokens.tailMap(frontier(), true).forEach((offset, left) -> {
                String key = keys.get(offset);
                if (left > 0) {
                    undone.add(key);
                }
                boolean isExpected = left == 0 && !undone.contains(key) && !undone.contains(UNKNOWN);
                assertThat(SimPartition.holds(runs, offset))
                        .as("%s: %s of key %s, in %s", name, offset, key, runs)
                        .isEqualTo(isExpected);
            });
        }

        /** What was told before stays true, and no later frontier lies within it. */
        private void checkOldRuns() {
            for (OffsetRun run : partition.runs()) {
                assertThat(tokens.subMap(run.from(), true, run.to(), true).values())
                        .as("%s: %s", name, run)
                        .allMatch(left -> left == 0);
                assertThat(partition.frontier() <= run.from() - 1 || partition.frontier() > run.to())
                        .as("%s: %s", name, run)
                        .isTrue();
            }
        }

        /** The first offset with tokens left, or one past the last that was begun. */
        private long frontier() {
            return tokens.entrySet().stream()
                    .filter(entry -> entry.getValue() > 0)
                    .map(Map.Entry::getKey)
                    .findFirst()
                    .orElse(begunUpTo);
        }
    }
}
