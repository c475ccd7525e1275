package dev.millrace.cassandra;

import com.datastax.oss.driver.api.core.AllNodesFailedException;
import com.datastax.oss.driver.api.core.DriverTimeoutException;
import com.datastax.oss.driver.api.core.NodeUnavailableException;
import com.datastax.oss.driver.api.core.RequestThrottlingException;
import com.datastax.oss.driver.api.core.connection.BusyConnectionException;
import com.datastax.oss.driver.api.core.connection.ClosedConnectionException;
import com.datastax.oss.driver.api.core.connection.ConnectionInitException;
import com.datastax.oss.driver.api.core.connection.HeartbeatException;
import com.datastax.oss.driver.api.core.servererrors.BootstrappingException;
import com.datastax.oss.driver.api.core.servererrors.CDCWriteFailureException;
import com.datastax.oss.driver.api.core.servererrors.InvalidQueryException;
import com.datastax.oss.driver.api.core.servererrors.OverloadedException;
import com.datastax.oss.driver.api.core.servererrors.ReadTimeoutException;
import com.datastax.oss.driver.api.core.servererrors.ServerError;
import com.datastax.oss.driver.api.core.servererrors.SyntaxError;
import com.datastax.oss.driver.api.core.servererrors.UnauthorizedException;
import com.datastax.oss.driver.api.core.servererrors.WriteTimeoutException;
import dev.millrace.pipeline.spi.RefusedRecordException;
import dev.millrace.pipeline.spi.UnavailableException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says in the engine's terms what the driver's failures mean. */
final class Failures {

    private static final List<Class<? extends Throwable>> NOBODY_TO_BLAME = List.of(
            DriverTimeoutException.class,
            WriteTimeoutException.class,
            ReadTimeoutException.class,
            com.datastax.oss.driver.api.core.servererrors.UnavailableException.class,
            OverloadedException.class,
            BootstrappingException.class,
            CDCWriteFailureException.class,
            NodeUnavailableException.class,
            RequestThrottlingException.class,
            BusyConnectionException.class,
            ClosedConnectionException.class,
            ConnectionInitException.class,
            HeartbeatException.class,
            IOException.class);

    /**
     * The server has one error code for bad values and for tables that are gone; its words tell them apart. The last
     * are of an error within the server, which it answers with in the moment of a drop.
     */
    private static final Pattern SCHEMA_CHANGED = Pattern.compile(
            "unconfigured (table|columnfamily)|undefined column|unknown identifier|keyspace \\S+ does not exist"
                    + "|table \\S+ does not exist|unknown cf ",
            Pattern.CASE_INSENSITIVE);

    /** Which permission the server misses, such as SELECT. */
    private static final Pattern MISSING = Pattern.compile("has no ([A-Z]+) permission");

    private Failures() {}

    /**
     * An {@link UnavailableException} where no record is to blame, a {@link TableChangedException} if it is the table
     * or the rights to it; a {@link RefusedRecordException} where the record is; the failure itself where it is hard to
     * tell.
     */
    static Throwable translate(Throwable failure, TableName table) {
        Throwable cause = unwrap(failure);
        if (isUnavailable(cause)) {
            return new UnavailableException("Cassandra is not available: " + brief(cause), cause);
        }
        if (cause instanceof AllNodesFailedException all) {
            return translate(worst(all), table);
        }
        if (cause instanceof UnauthorizedException) {
            Matcher missing = MISSING.matcher(String.valueOf(cause.getMessage()));
            String permission = missing.find() ? missing.group(1) + " " : "";
            return new TableChangedException("no " + permission + "permission for table " + table, cause);
        }
        if (cause instanceof SyntaxError) {
            return new TableChangedException("the server cannot read the statement for table " + table, cause);
        }
        boolean isAnswer = cause instanceof InvalidQueryException || cause instanceof ServerError;
        if (isAnswer
                && SCHEMA_CHANGED.matcher(String.valueOf(cause.getMessage())).find()) {
            return new TableChangedException(
                    "table " + table + " is not as it was when the pipeline started: " + cause.getMessage(), cause);
        }
        return cause instanceof InvalidQueryException
                ? new RefusedRecordException("Cassandra refused a row of table " + table, cause)
                : cause;
    }

    /** Whether what {@link #translate} has made of a failure says that there are too many requests. */
    static boolean isOverload(Throwable translated) {
        return translated.getCause() instanceof OverloadedException
                || translated.getCause() instanceof BusyConnectionException
                || translated.getCause() instanceof RequestThrottlingException;
    }

    /** A failure's name and message in one line. */
    static String brief(Throwable failure) {
        String name = failure.getClass().getSimpleName();
        String message = failure.getMessage();
        return message == null
                ? name
                : name + ": " + message.lines().findFirst().orElse("");
    }

    private static Throwable unwrap(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    private static boolean isUnavailable(Throwable failure) {
        if (failure instanceof AllNodesFailedException all) {
            return all.getAllErrors().values().stream().flatMap(List::stream).allMatch(Failures::isUnavailable);
        }
        return NOBODY_TO_BLAME.stream().anyMatch(type -> type.isInstance(failure));
    }

    private static Throwable worst(AllNodesFailedException all) {
        return all.getAllErrors().values().stream()
                .flatMap(List::stream)
                .filter(error -> !isUnavailable(error))
                .findFirst()
                .orElseThrow();
    }
}
