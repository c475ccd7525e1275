package dev.millrace.examples.guide;

import static dev.millrace.examples.ratings.Movie.normalise;
import static dev.millrace.pipeline.policy.FailurePolicy.deadLetter;
import static dev.millrace.pipeline.policy.RetryPolicy.exponential;
import static dev.millrace.pipeline.policy.StageOptions.with;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.CqlSession;
import dev.millrace.cassandra.Cassandra;
import dev.millrace.examples.ExamplePage;
import dev.millrace.examples.TestServers;
import dev.millrace.examples.ratings.EnrichedRating;
import dev.millrace.examples.ratings.Movie;
import dev.millrace.examples.ratings.Rating;
import dev.millrace.files.CsvTable;
import dev.millrace.kafka.JsonSerde;
import dev.millrace.kafka.Kafka;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sources;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.pipeline.spi.Enricher;
import dev.millrace.testkit.CassandraServer;
import dev.millrace.testkit.CassandraServerExtension;
import dev.millrace.testkit.KafkaServer;
import dev.millrace.testkit.KafkaServerExtension;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What the page that one begins with does to real servers. */
@ExtendWith({KafkaServerExtension.class, CassandraServerExtension.class})
@Timeout(300)
class GettingStartedGuideIT {

    private static final ExamplePage PAGE = ExamplePage.ofDocs("getting-started");

    @TempDir
    private Path directory;

    @BeforeEach
    void beginAnew(KafkaServer kafka, CassandraServer cassandra) throws Exception {
        TestServers.clear(kafka);
        Patiently.createTopics(
                Map.of("bootstrap.servers", kafka.bootstrapServers()),
                List.of(new NewTopic("ratings", 2, (short) 1), new NewTopic("ratings-dlq", 1, (short) 1)));
        try (CqlSession session = TestServers.session(cassandra)) {
            session.execute("DROP KEYSPACE IF EXISTS netflix");
            for (String statement : PAGE.blocks("sql").get(0).split(";", -1)) {
                if (!statement.isBlank()) {
                    session.execute(statement);
                }
            }
        }
    }

    @Test
    void shouldWriteRatingsOnRealServers(KafkaServer kafka, CassandraServer cassandra) throws Exception {
        Path catalogue = directory.resolve("movies.csv");
        Files.writeString(catalogue, """
                show_id,title,director,country,release_year,rating,duration
                s1,The Irishman,Martin Scorsese,United States,2019,R,209 min
                """);
        Rating rating = new Rating("ada", " the irishman", 5, Instant.parse("2025-03-25T09:53:42Z"));
        Rating withoutUser = new Rating(null, "Roma", 4, Instant.parse("2025-03-25T09:54:00Z"));

        Pipeline ratings = ratings(kafka.bootstrapServers(), TestServers.address(cassandra), catalogue);
        // docs:begin
        Pipeline sender = Pipeline.named("sender")
                .from(Sources.of(rating, withoutUser))
                .to(Kafka.at(kafka.bootstrapServers()).sink("ratings", JsonSerde.of(Rating.class)));
        for (Pipeline each : List.of(sender, ratings)) {
            try (RunningPipeline running = PipelineRunner.create().start(each)) {
                running.finish();
                running.awaitTermination();
            }
        }
        // docs:end
        try (CqlSession session = TestServers.session(cassandra)) {
            assertThat(session.execute("SELECT user_name, movie_name, director FROM netflix.ratings"))
                    .singleElement()
                    .satisfies(row -> {
                        assertThat(row.getString("user_name")).isEqualTo("ada");
                        assertThat(row.getString("movie_name")).isEqualTo(" the irishman");
                        assertThat(row.getString("director")).isEqualTo("Martin Scorsese");
                    });
        }
        assertThat(TestServers.records(kafka, "ratings-dlq")).isEmpty();
    }

    private static Pipeline ratings(String brokers, String nodes, Path catalogue) {
        // docs:begin
        Kafka kafka = Kafka.at(brokers);
        Cassandra cassandra = Cassandra.at(nodes);
        Enricher<String, Movie> movies = CsvTable.of(catalogue, Movie.class).keyedBy(movie -> normalise(movie.title()));

        return Pipeline.named("movie-ratings")
                .from(kafka.source("ratings", JsonSerde.of(Rating.class)))
                .filter(rating -> rating.user() != null)
                .enrich(movies, rating -> normalise(rating.movie()), EnrichedRating::of)
                .to(
                        cassandra.sink("netflix.ratings", EnrichedRating.class),
                        with().retry(exponential(ofMillis(100), ofSeconds(30)))
                                .onFailure(deadLetter(kafka.deadLetters("ratings-dlq"))));
        // docs:end
    }
}
