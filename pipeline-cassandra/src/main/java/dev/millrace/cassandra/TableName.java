package dev.millrace.cassandra;

import com.datastax.oss.driver.api.core.CqlIdentifier;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.metadata.schema.KeyspaceMetadata;
import com.datastax.oss.driver.api.core.metadata.schema.TableMetadata;
import dev.millrace.pipeline.spi.UnavailableException;
import java.util.Collection;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Keyspace and table, written as in CQL: folded to lower case unless in double quotes. */
record TableName(CqlIdentifier keyspace, CqlIdentifier table) {

    private static final int REFRESH_SECONDS = 30;
    private static final String IDENTIFIER = "(\\w+|\"(?:[^\"]|\"\")+\")";
    private static final Pattern FORM = Pattern.compile(IDENTIFIER + "\\." + IDENTIFIER);

    static TableName parse(String text) {
        Matcher matcher = FORM.matcher(Objects.requireNonNull(text, "table"));
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "table must be keyspace.table, each a word or in double quotes, got '" + text + "'");
        }
        return new TableName(identifier(matcher.group(1)), identifier(matcher.group(2)));
    }

    private static CqlIdentifier identifier(String text) {
        return text.startsWith("\"")
                ? CqlIdentifier.fromCql(text)
                : CqlIdentifier.fromInternal(text.toLowerCase(java.util.Locale.ROOT));
    }

    /** The table as the cluster has it. */
    TableMetadata describedBy(CqlSession session) {
        if (find(session).isEmpty()) {
            // The driver learns of a new table a second late, and of none where schema metadata is switched off.
            refresh(session);
        }
        return find(session).orElseThrow(() -> new IllegalArgumentException(missing(session)));
    }

    /** With a limit, since a driver that once lost its connection in the middle of a refresh never ends the next. */
    private static void refresh(CqlSession session) {
        try {
            session.refreshSchemaAsync().toCompletableFuture().get(REFRESH_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            throw new UnavailableException("Cassandra does not answer what tables there are", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnavailableException("interrupted while asking Cassandra what tables there are", e);
        }
    }

    /** As the driver has heard last, without asking anybody. */
    Optional<TableMetadata> find(CqlSession session) {
        return session.getMetadata().getKeyspace(keyspace).flatMap(found -> found.getTable(table));
    }

    private String missing(CqlSession session) {
        Optional<KeyspaceMetadata> found = session.getMetadata().getKeyspace(keyspace);
        if (found.isEmpty()) {
            return "keyspace " + keyspace.asCql(true) + " does not exist; there are: "
                    + list(session.getMetadata().getKeyspaces().keySet());
        }
        if (found.get().getView(table).isPresent()) {
            return this + " is a materialized view; name a table";
        }
        return "table " + table.asCql(true) + " does not exist in keyspace " + keyspace.asCql(true) + "; there are: "
                + list(found.get().getTables().keySet());
    }

    private static String list(Collection<CqlIdentifier> names) {
        String list = String.join(
                ", ",
                names.stream()
                        .map(name -> name.asCql(true))
                        .filter(name -> !name.startsWith("system"))
                        .sorted()
                        .toList());
        return list.isEmpty() ? "none" : list;
    }

    String asCql() {
        return keyspace.asCql(false) + "." + table.asCql(false);
    }

    @Override
    public String toString() {
        return keyspace.asCql(true) + "." + table.asCql(true);
    }
}
