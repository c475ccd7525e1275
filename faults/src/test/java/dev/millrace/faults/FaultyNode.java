package dev.millrace.faults;

import com.datastax.oss.protocol.internal.Frame;
import com.datastax.oss.protocol.internal.Message;
import com.datastax.oss.protocol.internal.ProtocolConstants;
import com.datastax.oss.protocol.internal.request.Batch;
import com.datastax.oss.protocol.internal.request.Execute;
import com.datastax.oss.protocol.internal.request.Prepare;
import com.datastax.oss.protocol.internal.response.result.ColumnSpec;
import com.datastax.oss.protocol.internal.response.result.Prepared;
import com.datastax.oss.protocol.internal.response.result.RawType;
import com.datastax.oss.protocol.internal.response.result.RowsMetadata;
import com.datastax.oss.protocol.internal.response.result.Void;
import com.datastax.oss.simulacron.common.cluster.AbstractNode;
import com.datastax.oss.simulacron.common.cluster.ClusterSpec;
import com.datastax.oss.simulacron.common.stubbing.Action;
import com.datastax.oss.simulacron.common.stubbing.MessageResponseAction;
import com.datastax.oss.simulacron.common.stubbing.PrimeDsl;
import com.datastax.oss.simulacron.common.stubbing.StubMapping;
import com.datastax.oss.simulacron.server.BoundCluster;
import com.datastax.oss.simulacron.server.NodePerPortResolver;
import com.datastax.oss.simulacron.server.Server;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/**
 * A Cassandra node of Simulacron that knows one table, {@code sim.rows (part, id, value)}, and answers writes with what
 * the test says: it keeps a row, or answers with an error that no healthy node would give.
 */
final class FaultyNode implements AutoCloseable {

    private static final byte[] STATEMENT = {1};
    private static final List<String> COLUMNS = List.of("part", "id", "value");

    private final Server server;
    private final BoundCluster cluster;
    private final Map<String, List<Long>> attempts = new ConcurrentHashMap<>();
    private final Set<String> stored = ConcurrentHashMap.newKeySet();

    /** Asks the function for each request, with the ids of its rows, whether to refuse it and how. */
    FaultyNode(Function<List<String>, Optional<Message>> errors) throws IOException {
        server = Server.builder()
                .withMultipleNodesPerIp(true)
                .withAddressResolver(new NodePerPortResolver(new byte[] {127, 0, 0, 1}, freePort()))
                .build();
        cluster = server.register(
                ClusterSpec.builder().withCassandraVersion("3.11.10").withNodes(1));
        describeTable();
        cluster.getStubStore().register(new Writes(errors));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void describeTable() {
        describe(
                "keyspaces",
                "keyspace_name varchar, durable_writes boolean, replication map<varchar;varchar>",
                List.of("sim", true, Map.of("class", "SimpleStrategy", "replication_factor", "1")));
        describe(
                "tables",
                "keyspace_name varchar, table_name varchar, id uuid, flags set<varchar>",
                List.of("sim", "rows", new UUID(0, 1), Set.of("compound")));
        describe(
                "columns",
                "keyspace_name varchar, table_name varchar, column_name varchar, clustering_order varchar,"
                        + " kind varchar, position int, type varchar",
                List.of("sim", "rows", "part", "none", "partition_key", 0, "text"),
                List.of("sim", "rows", "id", "asc", "clustering", 0, "text"),
                List.of("sim", "rows", "value", "none", "regular", -1, "text"));
    }

    /** Answers the driver's question for a table of the schema; a semicolon in a type stands for its comma. */
    @SafeVarargs
    private void describe(String table, String columns, List<Object>... rows) {
        LinkedHashMap<String, String> types = new LinkedHashMap<>();
        for (String column : columns.split(", ", -1)) {
            int space = column.indexOf(' ');
            types.put(column.substring(0, space), column.substring(space + 1).replace(';', ','));
        }
        List<LinkedHashMap<String, Object>> named = new ArrayList<>();
        for (List<Object> row : rows) {
            Iterator<Object> values = row.iterator();
            LinkedHashMap<String, Object> cells = new LinkedHashMap<>();
            types.keySet().forEach(column -> cells.put(column, values.next()));
            named.add(cells);
        }
        cluster.prime(PrimeDsl.when("SELECT * FROM system_schema." + table).then(PrimeDsl.rows(named, types)));
    }

    String address() {
        InetSocketAddress address = cluster.node(0).inetSocketAddress();
        return address.getHostString() + ":" + address.getPort();
    }

    /** Ids of the rows that were taken. */
    Set<String> stored() {
        return stored;
    }

    /** By id, when a request with that row arrived, in nanoseconds. */
    Map<String, List<Long>> attempts() {
        return attempts;
    }

    @Override
    public void close() {
        server.close();
    }

    private final class Writes extends StubMapping {

        private final Function<List<String>, Optional<Message>> errors;

        Writes(Function<List<String>, Optional<Message>> errors) {
            this.errors = errors;
        }

        @Override
        public boolean matches(Frame frame) {
            return frame.message instanceof Prepare prepare && prepare.cqlQuery.startsWith("INSERT")
                    || frame.message instanceof Execute
                    || frame.message instanceof Batch;
        }

        @Override
        @SuppressWarnings("rawtypes") // as Simulacron declares it
        public List<Action> getActions(AbstractNode node, Frame frame) {
            return List.of(new MessageResponseAction(
                    frame.message instanceof Prepare ? prepared() : written(ids(frame.message))));
        }

        private Message written(List<String> ids) {
            long now = System.nanoTime();
            ids.forEach(id -> attempts.computeIfAbsent(id, key -> new CopyOnWriteArrayList<>())
                    .add(now));
            Optional<Message> error = errors.apply(ids);
            if (error.isPresent()) {
                return error.get();
            }
            stored.addAll(ids);
            return Void.INSTANCE;
        }

        private static List<String> ids(Message message) {
            if (message instanceof Execute execute) {
                return List.of(text(execute.options.positionalValues.get(1)));
            }
            return ((Batch) message)
                    .values.stream().map(values -> text(values.get(1))).toList();
        }

        private static String text(ByteBuffer value) {
            return StandardCharsets.UTF_8.decode(value.duplicate()).toString();
        }

        private static Message prepared() {
            List<ColumnSpec> variables = new ArrayList<>();
            RawType text = RawType.PRIMITIVES.get(ProtocolConstants.DataType.VARCHAR);
            for (String column : COLUMNS) {
                variables.add(new ColumnSpec("sim", "rows", column, variables.size(), text));
            }
            variables.add(new ColumnSpec(
                    "sim",
                    "rows",
                    "[timestamp]",
                    variables.size(),
                    RawType.PRIMITIVES.get(ProtocolConstants.DataType.BIGINT)));
            return new Prepared(
                    STATEMENT,
                    null,
                    new RowsMetadata(variables, null, new int[] {0}, null),
                    new RowsMetadata(List.of(), null, new int[0], null));
        }
    }
}
