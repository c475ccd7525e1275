package dev.millrace.examples.ratings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.datastax.oss.driver.api.core.CqlSession;
import dev.millrace.examples.TestServers;
import dev.millrace.testkit.CassandraServer;
import dev.millrace.testkit.CassandraServerExtension;
import dev.millrace.testkit.KafkaServer;
import dev.millrace.testkit.KafkaServerExtension;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
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
            SystemServers.clear(kafka, cassandra);
            run("--records", "1000", "--rate", "2000", "--seed", "7");
            assertThat(rows()).as("run " + run).isEqualTo(expected).hasSize(1_000);
        }
    }

    @Test
    void shouldFindEveryTitleOfTheRealCatalogue() throws Exception {
        Path catalogue = DATA.resolve("netflix.csv");
        Path titles = DATA.resolve("movies.csv");
        assumeThat(catalogue).as("given by -Dmillrace.data").exists();
        SystemServers.clear(kafka, cassandra);

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
