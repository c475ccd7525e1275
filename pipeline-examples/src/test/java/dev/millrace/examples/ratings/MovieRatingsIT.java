package dev.millrace.examples.ratings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.datastax.oss.driver.api.core.CqlSession;
import dev.millrace.examples.ChildJvm;
import dev.millrace.examples.TestServers;
import dev.millrace.kafka.Kafka;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.testkit.CassandraServer;
import dev.millrace.testkit.CassandraServerExtension;
import dev.millrace.testkit.KafkaServer;
import dev.millrace.testkit.KafkaServerExtension;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The example as a user runs it, checked row by row against a join worked out without the library. */
@ExtendWith({KafkaServerExtension.class, CassandraServerExtension.class})
class MovieRatingsIT {

    /**
     * Where the real catalogue is, {@code netflix/netflix.csv} and {@code movies.csv}; it is not part of the project.
     */
    private static final Path DATA = Path.of(System.getProperty("millrace.data", "no-data"), "netflix");

    private KafkaServer kafka;
    private CassandraServer cassandra;

    @BeforeEach
    void beginAnew(KafkaServer kafka, CassandraServer cassandra) throws Exception {
        this.kafka = kafka;
        this.cassandra = cassandra;
        SystemServers.clear(kafka, cassandra);
    }

    @Test
    void shouldWriteTheSameRowsEachTimeThatTheSeedIsTheSame() throws Exception {
        Set<String> expected = IndependentJoin.withSample().rowsOf(Ratings.seeded(Titles.sample(), 1_000, 7));

        for (int run = 1; run <= 2; run++) {
            if (run > 1) {
                SystemServers.clear(kafka, cassandra);
            }
            run("--records", "1000", "--rate", "2000", "--seed", "7");
            assertThat(rows()).as("run " + run).isEqualTo(expected).hasSize(1_000);
        }
    }

    @Test
    void shouldFindEveryTitleOfTheRealCatalogue() throws Exception {
        Path catalogue = DATA.resolve("netflix.csv");
        Path titles = DATA.resolve("movies.csv");
        assumeThat(catalogue).as("given by -Dmillrace.data").exists();

        String output = run(
                "--records",
                "12000",
                "--rate",
                "50000",
                "--seed",
                "11",
                "--catalogue",
                catalogue.toString(),
                "--titles",
                titles.toString());

        List<Rating> sent = new ArrayList<>();
        Ratings.seeded(Titles.of(titles), 12_000, 11).forEachRemaining(sent::add);
        IndependentJoin join = IndependentJoin.with(catalogue);
        assertThat(sent).allMatch(rating -> join.has(String.valueOf(rating.movie())));
        assertThat(rows()).isEqualTo(join.rowsOf(sent.iterator())).hasSize(12_000);
        assertThat(output).containsPattern("unmatched +0\\b").containsPattern("joined +12,000\\b");
        assertThat(duplicatesOf(catalogue)).containsExactlyInAnyOrder("15-Aug", "22-Jul");
        assertThat(sent).anyMatch(rating -> "15-Aug".equals(rating.movie()) || "22-Jul".equals(rating.movie()));
    }

    @Test
    void shouldDrainAndSumUpWhenItIsTerminated() throws Exception {
        try (ChildJvm child = ChildJvm.run(arguments("--records", "1000000", "--rate", "200"))) {
            child.awaitLine(line -> line.matches("sent .*written [1-9].*"));
            child.terminate();
            child.awaitExit();

            assertThat(child.output()).containsPattern("written +[1-9]").doesNotContain("\tat ");
            long written = Long.parseLong(child.output()
                    .replaceAll("(?s).*\nwritten +([\\d,]+).*", "$1")
                    .replace(",", ""));
            assertThat(rows()).hasSize((int) written);
        }
    }

    @Test
    void shouldEndWithoutStartingAnythingWhenItIsTerminatedWhileServersStart() throws Exception {
        try (ChildJvm child = ChildJvm.run("movie-ratings")) {
            child.awaitLine(line -> line.equals("Starting Kafka"));
            child.terminate();
            child.awaitExit();

            assertThat(child.output())
                    .contains("movie-ratings: interrupted")
                    .doesNotContain("Running on")
                    .doesNotContain("\tat ");
        }
    }

    @Test
    void shouldGoOnBehindRecordsThatAreGoneWhenItIsToldTo() throws Exception {
        run("--records", "200", "--rate", "2000", "--seed", "7");
        generate(8);
        deleteAllRecords();
        generate(9);

        try (ChildJvm child = ChildJvm.run(writing())) {
            assertThat(child.awaitExit()).isEqualTo(1);
            assertThat(child.output()).contains("ratings-to-cassandra: ").doesNotContain("\tat ");
        }
        Set<String> before = IndependentJoin.withSample().rowsOf(Ratings.seeded(Titles.sample(), 200, 7));
        assertThat(rows()).isEqualTo(before);

        Set<String> expected = new TreeSet<>(before);
        expected.addAll(IndependentJoin.withSample().rowsOf(Ratings.seeded(Titles.sample(), 200, 9)));
        try (ChildJvm child = ChildJvm.run(writing("--tolerate-loss"))) {
            TestServers.await(() -> rows().size() >= expected.size());
            child.terminate();
            child.awaitExit();
        }
        assertThat(rows()).isEqualTo(expected);
    }

    private String[] writing(String... options) {
        List<String> all = new ArrayList<>(List.of("ratings-to-cassandra"));
        all.addAll(TestServers.options(kafka, cassandra));
        all.addAll(Arrays.asList(options));
        return all.toArray(String[]::new);
    }

    private void generate(long seed) throws Exception {
        GeneratorOptions options = new GeneratorOptions();
        options.seed = seed;
        options.rate = 2_000;
        Pipeline ratings = options.pipeline(200).apply(Kafka.at(kafka.bootstrapServers()));
        try (RunningPipeline running = PipelineRunner.create().start(ratings)) {
            running.awaitTermination();
        }
    }

    private void deleteAllRecords() throws Exception {
        Map<TopicPartition, RecordsToDelete> all = new HashMap<>();
        TestServers.records(kafka, RatingsSchema.TOPIC)
                .forEach(record -> all.merge(
                        new TopicPartition(record.topic(), record.partition()),
                        RecordsToDelete.beforeOffset(record.offset() + 1),
                        (one, other) -> one.beforeOffset() > other.beforeOffset() ? one : other));
        try (Admin admin = SystemServers.admin(kafka)) {
            admin.deleteRecords(all).all().get(5, TimeUnit.MINUTES);
        }
    }

    private String run(String... options) throws Exception {
        try (ChildJvm child = ChildJvm.run(arguments(options))) {
            assertThat(child.awaitExit()).as(child.output()).isZero();
            return child.output();
        }
    }

    private String[] arguments(String... options) {
        List<String> all = new ArrayList<>(List.of("movie-ratings"));
        all.addAll(TestServers.options(kafka, cassandra));
        all.addAll(Arrays.asList(options));
        return all.toArray(String[]::new);
    }

    private Set<String> rows() {
        try (CqlSession session = TestServers.session(cassandra)) {
            return RatingsTable.rows(session);
        }
    }

    private static List<String> duplicatesOf(Path catalogue) throws Exception {
        List<String> titles = Files.readAllLines(catalogue).stream()
                .skip(1)
                .map(line -> line.split(",", -1)[1])
                .filter(title -> title.matches("15-Aug|22-Jul"))
                .toList();
        return titles.stream()
                .filter(title -> titles.indexOf(title) != titles.lastIndexOf(title))
                .distinct()
                .toList();
    }
}
