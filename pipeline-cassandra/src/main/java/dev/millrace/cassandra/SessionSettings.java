package dev.millrace.cassandra;

import com.datastax.oss.driver.api.core.config.ProgrammaticDriverConfigLoaderBuilder;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** How a session of our own is made. */
record SessionSettings(
        List<Address> contactPoints,
        @Nullable String datacenter,
        @Nullable Credentials credentials,
        Consumer<ProgrammaticDriverConfigLoaderBuilder> configuration) {

    record Credentials(String user, String password) {

        @Override
        public String toString() {
            return user;
        }
    }

    SessionSettings datacenter(String name) {
        return new SessionSettings(contactPoints, name, credentials, configuration);
    }

    SessionSettings credentials(Credentials given) {
        return new SessionSettings(contactPoints, datacenter, given, configuration);
    }

    SessionSettings configuration(Consumer<ProgrammaticDriverConfigLoaderBuilder> more) {
        return new SessionSettings(contactPoints, datacenter, credentials, configuration.andThen(more));
    }

    /** The contact points. */
    String where() {
        return String.join(", ", contactPoints.stream().map(Address::toString).toList());
    }
}
