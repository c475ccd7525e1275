package dev.millrace.cassandra;

import com.datastax.oss.driver.api.core.AllNodesFailedException;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.CqlSessionBuilder;
import com.datastax.oss.driver.api.core.auth.AuthenticationException;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import com.datastax.oss.driver.api.core.config.ProgrammaticDriverConfigLoaderBuilder;
import dev.millrace.cassandra.internal.RetryNothingAtOnce;
import dev.millrace.pipeline.spi.UnavailableException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Opens and closes sessions of our own. */
final class OwnSession {

    /** Above the sum of what our windows let through, so that the driver's pool turns nothing away. */
    private static final int REQUESTS_PER_CONNECTION = 8_192;

    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration SLOWEST_RECONNECTION = Duration.ofSeconds(10);
    private static final int CLOSE_SECONDS = 3;
    private static final int QUIET_MILLIS = 100;
    private static final int SHUTDOWN_MILLIS = 2_000;

    private OwnSession() {}

    static CqlSession open(SessionSettings settings) {
        CqlSessionBuilder builder = CqlSession.builder()
                .withClassLoader(OwnSession.class.getClassLoader())
                .withConfigLoader(configuration(settings))
                .addContactPoints(
                        settings.contactPoints().stream().map(Address::resolve).toList());
        if (settings.credentials() != null) {
            builder.withAuthCredentials(
                    settings.credentials().user(), settings.credentials().password());
        }
        CqlSession session;
        try {
            session = builder.build();
        } catch (AllNodesFailedException e) {
            throw unreachable(settings, e);
        } catch (IllegalStateException e) {
            // Where the contact points lie in several data centres, the driver cannot tell which is the local one.
            throw new IllegalArgumentException(e.getMessage() + "; name the local one with datacenter(...)", e);
        }
        try {
            checkDatacenter(settings, session);
        } catch (RuntimeException e) {
            close(session);
            throw e;
        }
        return session;
    }

    private static DriverConfigLoader configuration(SessionSettings settings) {
        ProgrammaticDriverConfigLoaderBuilder options = DriverConfigLoader.programmaticBuilder()
                .withString(DefaultDriverOption.SESSION_NAME, "millrace")
                .withStringList(DefaultDriverOption.CONTACT_POINTS, List.of())
                .withDuration(DefaultDriverOption.REQUEST_TIMEOUT, REQUEST_TIMEOUT)
                .withDuration(DefaultDriverOption.RECONNECTION_MAX_DELAY, SLOWEST_RECONNECTION)
                .withClass(DefaultDriverOption.RETRY_POLICY_CLASS, RetryNothingAtOnce.class)
                .withInt(DefaultDriverOption.CONNECTION_MAX_REQUESTS, REQUESTS_PER_CONNECTION)
                // Both would print the values of rows.
                .withBoolean(DefaultDriverOption.REQUEST_LOG_WARNINGS, false)
                .withBoolean(DefaultDriverOption.REQUEST_LOGGER_VALUES, false)
                // A pipeline that nobody closed must not keep the JVM alive, nor a closed one wait for two seconds;
                // with no
                // wait at all the driver trips over its own threads.
                .withBoolean(DefaultDriverOption.NETTY_DAEMON, true)
                .withInt(DefaultDriverOption.NETTY_IO_SHUTDOWN_QUIET_PERIOD, QUIET_MILLIS)
                .withInt(DefaultDriverOption.NETTY_IO_SHUTDOWN_TIMEOUT, SHUTDOWN_MILLIS)
                .withString(DefaultDriverOption.NETTY_IO_SHUTDOWN_UNIT, TimeUnit.MILLISECONDS.name())
                .withInt(DefaultDriverOption.NETTY_ADMIN_SHUTDOWN_QUIET_PERIOD, QUIET_MILLIS)
                .withInt(DefaultDriverOption.NETTY_ADMIN_SHUTDOWN_TIMEOUT, SHUTDOWN_MILLIS)
                .withString(DefaultDriverOption.NETTY_ADMIN_SHUTDOWN_UNIT, TimeUnit.MILLISECONDS.name());
        if (settings.datacenter() == null) {
            options.withString(DefaultDriverOption.LOAD_BALANCING_POLICY_CLASS, "DcInferringLoadBalancingPolicy");
        } else {
            options.withString(DefaultDriverOption.LOAD_BALANCING_LOCAL_DATACENTER, settings.datacenter());
        }
        settings.configuration().accept(options);
        return options.build();
    }

    private static RuntimeException unreachable(SessionSettings settings, AllNodesFailedException e) {
        List<Throwable> errors =
                e.getAllErrors().values().stream().flatMap(List::stream).toList();
        if (errors.stream().anyMatch(AuthenticationException.class::isInstance)) {
            String problem = settings.credentials() == null
                    ? " asks for credentials: give them with credentials(user, password)"
                    : " refused the credentials of user '" + settings.credentials() + "'";
            return new IllegalArgumentException("Cassandra at " + settings.where() + problem, e);
        }
        return new UnavailableException(
                "no Cassandra node reachable at " + settings.where() + ": "
                        + Failures.brief(root(errors.isEmpty() ? e : errors.get(0))),
                e);
    }

    /** The driver hides a connection that was refused among what its later attempt to use it suppressed. */
    private static Throwable root(Throwable error) {
        for (Throwable suppressed : error.getSuppressed()) {
            if (suppressed instanceof ConnectException) {
                return suppressed;
            }
        }
        return error.getCause() == null ? error : root(error.getCause());
    }

    /** The driver takes a data centre that does not exist, and then finds no node to talk to. */
    private static void checkDatacenter(SessionSettings settings, CqlSession session) {
        String wanted = settings.datacenter();
        if (wanted == null) {
            return;
        }
        Set<String> there = new TreeSet<>();
        session.getMetadata().getNodes().values().forEach(node -> {
            if (node.getDatacenter() != null) {
                there.add(node.getDatacenter());
            }
        });
        if (!there.contains(wanted)) {
            throw new IllegalArgumentException("datacenter '" + wanted + "' has no node in the cluster at "
                    + settings.where() + "; there are: " + String.join(", ", there));
        }
    }

    /** Lets requests finish for a short time, and gives up on them then. */
    static void close(CqlSession session) {
        if (!ended(session.closeAsync())) {
            ended(session.forceCloseAsync());
        }
    }

    private static boolean ended(CompletionStage<Void> closing) {
        CompletableFuture<Void> ended =
                closing.handle((nothing, failure) -> (Void) null).toCompletableFuture();
        try {
            ended.get(CLOSE_SECONDS, TimeUnit.SECONDS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (TimeoutException | java.util.concurrent.ExecutionException e) {
            return false;
        }
    }
}
