package dev.millrace.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.config.ProgrammaticDriverConfigLoaderBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An Apache Cassandra cluster, and where sinks, lookups and states in its tables begin. Connects to nothing until a
 * pipeline starts.
 *
 * <p>{@link #at} has a session of its own: what is made of one {@code Cassandra} shares it, the first stage to start
 * opens it, the last to stop closes it. {@link #using} works on a session that the service has anyway, and never closes
 * it.
 *
 * <p>Immutable and thread-safe; each method returns a changed copy.
 */
public final class Cassandra {

    private final @Nullable SessionSettings settings;
    private final SharedSession session;

    private Cassandra(SessionSettings settings) {
        this.settings = settings;
        this.session = SharedSession.opening(() -> OwnSession.open(settings));
    }

    private Cassandra(CqlSession session) {
        this.settings = null;
        this.session = SharedSession.of(session);
    }

    /**
     * A cluster with these nodes among others, each {@code host} or {@code host:port}, by default port 9042.
     *
     * <p>The session's settings are the driver's, {@code application.conf} included, but for these: requests time out
     * after 5 seconds, the driver makes no retries of its own (the pipeline does, with pauses), reconnects at least
     * every 10 seconds, and logs no values of rows. {@link #configure} has the last word.
     *
     * @throws IllegalArgumentException if one of them is neither
     */
    public static Cassandra at(String contactPoint, String... more) {
        List<Address> addresses = new ArrayList<>();
        addresses.add(Address.parse(contactPoint));
        for (String one : more) {
            addresses.add(Address.parse(one));
        }
        return new Cassandra(new SessionSettings(List.copyOf(addresses), null, null, builder -> {}));
    }

    /**
     * The service's own session, which stays open when the pipeline stops. Its settings are left alone: it should not
     * log values ({@code advanced.request.log-warnings = false}), and its retry policy should leave overload to the
     * pipeline.
     */
    public static Cassandra using(CqlSession session) {
        return new Cassandra(Objects.requireNonNull(session, "session"));
    }

    /**
     * Names the local data centre, whose nodes alone are asked. By default that of the contact points.
     *
     * @throws IllegalStateException after {@link #using}
     */
    public Cassandra datacenter(String name) {
        return new Cassandra(own("datacenter").datacenter(Objects.requireNonNull(name, "name")));
    }

    /**
     * Logs in with a password, which is never printed.
     *
     * @throws IllegalStateException after {@link #using}
     */
    public Cassandra credentials(String user, String password) {
        return new Cassandra(own("credentials")
                .credentials(new SessionSettings.Credentials(
                        Objects.requireNonNull(user, "user"), Objects.requireNonNull(password, "password"))));
    }

    /**
     * Sets any of the driver's options, TLS among them; called when a session is opened, after all other settings.
     *
     * @throws IllegalStateException after {@link #using}
     */
    public Cassandra configure(Consumer<ProgrammaticDriverConfigLoaderBuilder> configuration) {
        return new Cassandra(own("configure").configuration(Objects.requireNonNull(configuration, "configuration")));
    }

    /**
     * A sink that writes records as rows of a table.
     *
     * @param table keyspace and table, such as {@code netflix.ratings}, written as in CQL
     * @param type a record whose components are named as the columns: {@code loginId} for {@code login_id}
     * @throws IllegalArgumentException if the name is malformed or the record cannot be accessed
     */
    public <T extends Record> CassandraSink<T> sink(String table, Class<T> type) {
        return new CassandraSink<>(this, TableName.parse(table), RecordMapping.of(type));
    }

    /**
     * A table to look rows up in.
     *
     * @param table keyspace and table, such as {@code spark_db.users}, written as in CQL
     * @param type a record whose components are named as the columns: {@code loginId} for {@code login_id}
     * @throws IllegalArgumentException if the name is malformed or the record cannot be accessed
     */
    public <V extends Record> CassandraTable<V> table(String table, Class<V> type) {
        return new CassandraTable<>(this, TableName.parse(table), RecordMapping.of(type));
    }

    /**
     * A table in which aggregates keep their states; {@link CassandraStates} has the statement that makes it.
     *
     * @param table keyspace and table, such as {@code service.states}, written as in CQL
     * @throws IllegalArgumentException if the name is malformed
     */
    public CassandraStates states(String table) {
        return new CassandraStates(this, TableName.parse(table));
    }

    SharedSession.Lease lease() {
        return session.lease();
    }

    private SessionSettings own(String option) {
        if (settings == null) {
            throw new IllegalStateException(option + " must be set on the session given, not here");
        }
        return settings;
    }

    /** The contact points; no secrets. */
    @Override
    public String toString() {
        return settings == null ? "Cassandra[session of the service]" : "Cassandra[" + settings.where() + "]";
    }
}
