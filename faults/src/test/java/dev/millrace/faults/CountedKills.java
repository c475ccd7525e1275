package dev.millrace.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.faults.Load.Sent;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.TopicPartition;

/**
 * Kills what counts by SIGKILL again and again, at moments drawn by lot, some of them before it has told anything. With
 * nobody running, what is told includes all that is committed and nothing twice; in the end it is what has been sent,
 * as counted here.
 */
final class CountedKills {

    private static final int EARLIEST_MILLIS = 50;
    private static final int LATEST_MILLIS = 1_500;
    /** One in so many does not live until it has told something. */
    private static final int EARLY = 4;

    private final Scene scene;
    private final String table;

    private CountedKills(Scene scene) {
        this.scene = scene;
        this.table = scene.settings().text("table") + "_tallies";
    }

    static Outcome of(String protocol, int kills, int recordsPerSecond) throws Exception {
        return of(protocol, kills, recordsPerSecond, UnaryOperator.identity());
    }

    static Outcome of(String protocol, int kills, int recordsPerSecond, UnaryOperator<Settings> change)
            throws Exception {
        try (Scene scene = new Scene(0.01)) {
            return new CountedKills(scene).run(protocol, kills, recordsPerSecond, change);
        }
    }

    private Outcome run(String protocol, int kills, int recordsPerSecond, UnaryOperator<Settings> change)
            throws Exception {
        Servers.session().execute("DROP TABLE IF EXISTS faults." + table);
        Servers.session()
                .execute("CREATE TABLE faults." + table + " (name text PRIMARY KEY, events bigint, seqs bigint)");
        Settings settings = change.apply(scene.settings()
                .with("protocol", protocol)
                .with("instance", "the-one")
                .with("tallies", table)
                .with("states", scene.path("states")));
        Random random = new Random(scene.seed());
        scene.load().start(recordsPerSecond);
        List<Long> recoveries = new ArrayList<>();
        long committed = 0;
        long killed = 0;
        for (int kill = 1; kill <= kills; kill++) {
            try (ChildPipeline pipeline = ChildPipeline.start(scene.next(settings))) {
                if (kill > 1 && random.nextInt(EARLY) == 0) {
                    pipeline.awaitNoted("assigned", 1);
                    Await.pass(random.nextInt(EARLIEST_MILLIS));
                } else {
                    long first = pipeline.awaitFirstAck().firstAckAfter(0).getAsLong();
                    if (kill > 1) {
                        recoveries.add(first - killed);
                    }
                    Await.pass(EARLIEST_MILLIS + random.nextInt(LATEST_MILLIS - EARLIEST_MILLIS));
                }
                killed = System.currentTimeMillis();
                pipeline.kill();
            }
            committed = checkFrozenState("kill " + kill);
        }
        assertThat(committed).as("progress between kills").isPositive();
        return new Outcome(
                "kill -9, counting by states in a directory, " + protocol,
                kills,
                finish(settings),
                recoveries,
                scene.seed());
    }

    /** @return the sum of the committed offsets */
    private long checkFrozenState(String when) throws Exception {
        Map<TopicPartition, Long> committed = scene.oracle().checkNothingGoesBack(when);
        scene.load().flush();
        Map<String, Tally> told = told();
        counted(committed).forEach((name, least) -> {
            Tally found = told.getOrDefault(name, Tally.NONE);
            assertThat(found.events()).as("I2 %s: told of %s", when, name).isGreaterThanOrEqualTo(least.events());
            assertThat(found.seqs()).as("I2 %s: told of %s", when, name).isGreaterThanOrEqualTo(least.seqs());
        });
        Map<String, Tally> sent = counted(scene.load().ends());
        told.forEach((name, found) -> {
            Tally most = sent.getOrDefault(name, Tally.NONE);
            assertThat(found.events()).as("%s: told of %s", when, name).isLessThanOrEqualTo(most.events());
            assertThat(found.seqs()).as("%s: told of %s", when, name).isLessThanOrEqualTo(most.seqs());
        });
        return Oracle.sum(committed);
    }

    private Oracle.Verdict finish(Settings settings) throws Exception {
        scene.load().stop();
        try (ChildPipeline last = ChildPipeline.start(scene.next(settings))) {
            scene.oracle().awaitAllCommitted(Duration.ofMinutes(5), last::output);
            last.terminate();
            last.awaitExit();
        }
        assertThat(told())
                .as("I1 what has been counted")
                .isEqualTo(counted(scene.load().ends()));
        Set<String> letters = new HashSet<>();
        scene.oracle().letters().forEach(letter -> letters.add(letter.partition() + "@" + letter.offset()));
        assertThat(letters).as("I1 what has been refused").isEqualTo(refused());
        return new Oracle.Verdict(scene.load().count(), letters.size(), readAgain());
    }

    private Map<String, Tally> told() {
        Map<String, Tally> told = new TreeMap<>();
        Servers.session()
                .execute("SELECT name, events, seqs FROM faults." + table)
                .forEach(row -> told.put(row.getString(0), new Tally(row.getLong(1), row.getLong(2))));
        return told;
    }

    /** What was sent to below these offsets, counted without the library. */
    private Map<String, Tally> counted(Map<TopicPartition, Long> ends) {
        Map<String, Tally> counted = new TreeMap<>();
        ends.forEach((partition, end) -> sentTo(partition).headMap(end, false).values().stream()
                .filter(sent -> !sent.isPoisoned())
                .forEach(sent -> CountedEvents.names(sent.event())
                        .forEach(name -> counted.merge(name, Tally.NONE.and(sent.event()), Tally::plus))));
        return counted;
    }

    private Set<String> refused() {
        Set<String> refused = new HashSet<>();
        scene.load()
                .ends()
                .keySet()
                .forEach(partition -> sentTo(partition).forEach((offset, sent) -> {
                    if (sent.isPoisoned()) {
                        refused.add(partition + "@" + offset);
                    }
                }));
        return refused;
    }

    private NavigableMap<Long, Sent> sentTo(TopicPartition partition) {
        return scene.load().sent().getOrDefault(partition, new TreeMap<>());
    }

    /** Events that came to be counted once more. */
    private long readAgain() throws IOException {
        Map<String, Long> times = new HashMap<>();
        for (List<Journal.Line> journal : scene.journals()) {
            journal.stream()
                    .filter(line -> line.what().equals("read"))
                    .forEach(line -> times.merge(line.event(), 1L, Long::sum));
        }
        return times.values().stream().mapToLong(count -> count - 1).sum();
    }
}
