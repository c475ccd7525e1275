package dev.millrace.cassandra;

import dev.millrace.pipeline.spi.Enricher;
import dev.millrace.pipeline.spi.Sink;
import dev.millrace.testkit.contract.EnricherContract;
import dev.millrace.testkit.contract.SinkContract;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;

/** What tables promise as sinks and lookups, as every connector does. */
class CassandraContractIT {

    record User(String loginId, String userName) {}

    private static String newTable() {
        return TestNode.table("login_id text PRIMARY KEY, user_name text");
    }

    @Nested
    @DisplayName("A table that is written")
    class Sinks extends SinkContract<User> {

        private final String table = newTable();

        @Override
        protected Sink<User> sink() {
            return TestNode.cassandra().sink(table, User.class);
        }

        @Override
        protected User value(int number) {
            return new User("login " + number, "name " + number);
        }

        @Override
        protected Collection<User> stored() {
            return TestNode.session().execute("SELECT login_id, user_name FROM " + table).all().stream()
                    .map(row -> new User(row.getString(0), row.getString(1)))
                    .toList();
        }

        @Override
        protected boolean replaces() {
            return true;
        }

        @Override
        protected Optional<User> successor(int number) {
            return Optional.of(new User("login " + number, "another name"));
        }

        @Override
        protected Optional<User> refused() {
            return Optional.of(new User("", "an empty key"));
        }
    }

    @Nested
    @DisplayName("A table that is looked up in")
    class Lookups extends EnricherContract<String, User> {

        private final String table = newTable();

        @BeforeEach
        void insert() throws Exception {
            known().forEach((id, user) -> TestNode.session()
                    .execute("INSERT INTO " + table + " (login_id, user_name) VALUES (?, ?)", id, user.userName()));
        }

        @Override
        protected Enricher<Object, User> enricher() {
            return TestNode.cassandra().table(table, User.class).keyedBy("login_id");
        }

        @Override
        protected Map<String, User> known() {
            return Map.of("100087", new User("100087", "Abdul"), "100009", new User("100009", "Alisha"));
        }

        @Override
        protected String unknown() {
            return "100001";
        }
    }
}
