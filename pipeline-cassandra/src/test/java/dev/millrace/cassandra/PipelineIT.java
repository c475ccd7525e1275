package dev.millrace.cassandra;

import static dev.millrace.pipeline.policy.RetryPolicy.forever;
import static dev.millrace.pipeline.policy.StageOptions.with;
import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.cql.Row;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sources;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.RunningPipeline;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PipelineIT {

    record Login(String loginId, Instant createdTime) {}

    record User(String loginId, String userName) {}

    record LastLogin(String loginId, String userName, Instant lastLogin) {}

    @Test
    void shouldNoteTheLastLoginOfEachKnownUserWhenLoginsComeInAnyOrder() throws Exception {
        String users = TestNode.table("login_id text PRIMARY KEY, user_name text, last_login timestamp");
        Cassandra cassandra = TestNode.cassandra();
        Writing.writeAt(
                1,
                cassandra.sink(users, User.class),
                IntStream.range(0, 50)
                        .mapToObj(i -> new User("" + i, "user " + i))
                        .toList());
        // Ids 50 to 99 are unknown.
        List<Login> logins = Stream.iterate(7L, seed -> (seed * 1_103_515_245 + 12_345) % (1L << 31))
                .limit(20_000)
                .map(seed -> new Login("" + seed % 100, Instant.ofEpochMilli(1_600_000_000_000L + seed)))
                .toList();

        Pipeline pipeline = Pipeline.named("logins")
                .from(Sources.of(logins))
                .enrichOrDrop(
                        cassandra.table(users, User.class).keyedBy("login_id").freshFor(Duration.ofHours(1)),
                        Login::loginId,
                        (login, user) -> new LastLogin(login.loginId(), user.userName(), login.createdTime()))
                .to(cassandra.sink(users, LastLogin.class).writtenAt(LastLogin::lastLogin), with().retry(forever()));
        try (RunningPipeline running = PipelineRunner.create().start(pipeline)) {
            assertThat(running.awaitTermination(Duration.ofMinutes(5))).isTrue();
            assertThat(running.stats().stage("enrichOrDrop").cache()).hasValueSatisfying(cache -> {
                assertThat(cache.hits() + cache.misses()).isEqualTo(20_000);
                assertThat(cache.misses()).as("each id was asked for").isBetween(100L, 19_999L);
                assertThat(cache.size()).as("the known ids at least").isBetween(50L, 100L);
            });
        }

        Map<String, Instant> expected = new HashMap<>();
        logins.stream()
                .filter(login -> Integer.parseInt(login.loginId()) < 50)
                .forEach(login -> expected.merge(login.loginId(), login.createdTime(), (a, b) -> a.isAfter(b) ? a : b));
        Map<String, Instant> found = new HashMap<>();
        for (Row row : TestNode.session().execute("SELECT login_id, user_name, last_login FROM " + users)) {
            assertThat(row.getString(1)).isEqualTo("user " + row.getString(0));
            found.put(row.getString(0), row.getInstant(2));
        }
        assertThat(found).isEqualTo(expected);
    }
}
