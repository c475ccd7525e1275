package dev.millrace.cassandra;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.AllNodesFailedException;
import com.datastax.oss.driver.api.core.DefaultConsistencyLevel;
import com.datastax.oss.driver.api.core.DriverTimeoutException;
import com.datastax.oss.driver.api.core.NoNodeAvailableException;
import com.datastax.oss.driver.api.core.connection.BusyConnectionException;
import com.datastax.oss.driver.api.core.connection.ClosedConnectionException;
import com.datastax.oss.driver.api.core.metadata.Node;
import com.datastax.oss.driver.api.core.servererrors.BootstrappingException;
import com.datastax.oss.driver.api.core.servererrors.DefaultWriteType;
import com.datastax.oss.driver.api.core.servererrors.InvalidQueryException;
import com.datastax.oss.driver.api.core.servererrors.OverloadedException;
import com.datastax.oss.driver.api.core.servererrors.ReadTimeoutException;
import com.datastax.oss.driver.api.core.servererrors.ServerError;
import com.datastax.oss.driver.api.core.servererrors.UnauthorizedException;
import com.datastax.oss.driver.api.core.servererrors.WriteTimeoutException;
import dev.millrace.pipeline.spi.RefusedRecordException;
import dev.millrace.pipeline.spi.UnavailableException;
import java.lang.reflect.Proxy;
import java.util.AbstractMap.SimpleEntry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FailuresTest {

    private static final TableName TABLE = TableName.parse("netflix.ratings");
    private static final Node NODE = null;

    private static Throwable translate(Throwable failure) {
        return Failures.translate(failure, TABLE);
    }

    static Stream<Throwable> nobodyToBlame() {
        return Stream.of(
                new DriverTimeoutException("Query timed out after PT5S"),
                new WriteTimeoutException(NODE, DefaultConsistencyLevel.QUORUM, 1, 2, DefaultWriteType.SIMPLE),
                new ReadTimeoutException(NODE, DefaultConsistencyLevel.QUORUM, 1, 2, false),
                new com.datastax.oss.driver.api.core.servererrors.UnavailableException(
                        NODE, DefaultConsistencyLevel.QUORUM, 2, 1),
                new OverloadedException(NODE),
                new BootstrappingException(NODE),
                new BusyConnectionException(1_024),
                new ClosedConnectionException("Lost connection to remote peer"),
                new NoNodeAvailableException(),
                allNodes(new OverloadedException(NODE), new ClosedConnectionException("closed")));
    }

    private static AllNodesFailedException allNodes(Throwable... errors) {
        return AllNodesFailedException.fromErrors(Stream.of(errors)
                .<Map.Entry<Node, Throwable>>map(error -> new SimpleEntry<>(anyNode(), error))
                .toList());
    }

    /** Nobody asks it for anything, but it must be there. */
    @SuppressWarnings("ReferenceEquality") // as Object.equals
    private static Node anyNode() {
        return (Node) Proxy.newProxyInstance(
                Node.class.getClassLoader(),
                new Class<?>[] {Node.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "hashCode" -> 1;
                    case "equals" -> proxy == arguments[0];
                    default -> "node";
                });
    }

    @ParameterizedTest
    @MethodSource("nobodyToBlame")
    void shouldBlameNoRecordWhenTheClusterIsToBlame(Throwable failure) {
        for (Throwable given : List.of(failure, new CompletionException(failure))) {
            assertThat(translate(given))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessageStartingWith("Cassandra is not available: ")
                    .hasCause(failure);
        }
    }

    @Test
    void shouldBlameTheRecordWhenTheServerRefusesAValue() {
        InvalidQueryException refusal = new InvalidQueryException(NODE, "Value 'secret' is too long");

        assertThat(translate(refusal))
                .isInstanceOf(RefusedRecordException.class)
                .hasMessage("Cassandra refused a row of table netflix.ratings")
                .hasCause(refusal);
        assertThat(translate(allNodes(new OverloadedException(NODE), refusal)))
                .isInstanceOf(RefusedRecordException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "unconfigured table ratings",
                "Undefined column name rating in table netflix.ratings",
                "Unknown identifier rating",
                "Keyspace netflix does not exist"
            })
    void shouldBlameTheTableWhenItHasChanged(String message) {
        assertThat(translate(new InvalidQueryException(NODE, message)))
                .isInstanceOf(TableChangedException.class)
                .hasMessage("table netflix.ratings is not as it was when the pipeline started: " + message);
    }

    @Test
    void shouldBlameTheTableWhenTheServerStumblesOverItsDrop() {
        String message = "java.lang.IllegalArgumentException: Unknown CF 5b6962dd-3f90-4c93-8f61-eabfa4a803e2";
        Throwable failure = allNodes(new ServerError(NODE, message));

        assertThat(translate(failure))
                .isInstanceOf(TableChangedException.class)
                .hasMessage("table netflix.ratings is not as it was when the pipeline started: " + message);
    }

    @Test
    void shouldBlameTheRightsWhenTheyAreMissing() {
        assertThat(translate(new UnauthorizedException(NODE, "User app has no MODIFY permission on <table t.s>")))
                .isInstanceOf(TableChangedException.class)
                .hasMessage("no MODIFY permission for table netflix.ratings");
        assertThat(translate(new UnauthorizedException(NODE, "not you")))
                .hasMessage("no permission for table netflix.ratings");
    }

    @Test
    void shouldPassOnWhatItCannotTell() {
        ServerError error = new ServerError(NODE, "java.lang.NullPointerException");

        assertThat(translate(new CompletionException(error))).isSameAs(error);
    }
}
