package dev.millrace.faults;

import com.datastax.oss.protocol.internal.Frame;
import com.datastax.oss.protocol.internal.Message;
import com.datastax.oss.protocol.internal.ProtocolConstants;
import com.datastax.oss.protocol.internal.request.Batch;
import com.datastax.oss.protocol.internal.request.Execute;
import com.datastax.oss.protocol.internal.request.Prepare;
import com.datastax.oss.protocol.internal.response.error.Unprepared;
import com.datastax.oss.protocol.internal.response.result.ColumnSpec;
import com.datastax.oss.protocol.internal.response.result.DefaultRows;
import com.datastax.oss.protocol.internal.response.result.Prepared;
import com.datastax.oss.protocol.internal.response.result.RawType;
import com.datastax.oss.protocol.internal.response.result.RowsMetadata;
import com.datastax.oss.protocol.internal.response.result.Void;
import com.datastax.oss.simulacron.common.cluster.AbstractNode;
import com.datastax.oss.simulacron.common.cluster.ClusterSpec;
import com.datastax.oss.simulacron.common.stubbing.Action;
import com.datastax.oss.simulacron.common.stubbing.MessageResponseAction;
import com.datastax.oss.simulacron.common.stubbing.NoResponseAction;
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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * A Cassandra node of Simulacron that knows one table, {@code sim.rows (part, id, value)}, and answers with what the
 * test says: it keeps a row, has one for whatever partition it is asked for, or answers with an error that no healthy
 * node would give.
 */
final class FaultyNode implements AutoCloseable {

    private static final byte[] INSERT = {1};
    private static final byte[] SELECT = {2};
    private static final List<String> COLUMNS = List.of("part", "id", "value");

    private final Server server;
    private final BoundCluster cluster;
    private final Map<String, List<Long>> attempts = new ConcurrentHashMap<>();
    private final Set<String> stored = ConcurrentHashMap.newKeySet();
    private final AtomicInteger prepares = new AtomicInteger();
    private volatile boolean isSilent;

    /**
     * Asks the function for each request whether to refuse it and how: for a write with the ids of its rows, for a read
     * with the partition.
     */
    FaultyNode(Function<List<String>, Optional<Message>> errors) throws IOException {
        server = Server.builder()
                .withMultipleNodesPerIp(true)
                .withAddressResolver(new NodePerPortResolver(new byte[] {127, 0, 0, 1}, freePort()))
                .build();
        cluster = server.register(
                ClusterSpec.builder().withCassandraVersion("3.11.10").withNodes(1));
        describeTable();
        cluster.getStubStore().register(new Requests(errors));
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

    /** By id, or partition of a read, when such a request arrived, in nanoseconds. */
    Map<String, List<Long>> attempts() {
        return attempts;
    }

    /** How often it was asked to prepare the statement of a write. */
    int prepares() {
        return prepares.get();
    }

    /** Answered is what says that it no longer knows the statement of a write. */
    static Message forgotten() {
        return new Unprepared("injected", INSERT);
    }

    /** Whether requests from now on get no answer at all. */
    void silent(boolean isSilent) {
        this.isSilent = isSilent;
    }

    @Override
    public void close() {
        server.close();
    }

    private final class Requests extends StubMapping {

        private final Function<List<String>, Optional<Message>> errors;

        Requests(Function<List<String>, Optional<Message>> errors) {
            this.errors = errors;
        }

        @Override
        public boolean matches(Frame frame) {
            return frame.message instanceof Prepare prepare && prepare.cqlQuery.contains("rows")
                    || frame.message instanceof Execute
                    || frame.message instanceof Batch;
        }

        @Override
        @SuppressWarnings("rawtypes") // as Simulacron declares it
        public List<Action> getActions(AbstractNode node, Frame frame) {
            if (frame.message instanceof Prepare prepare) {
                return List.of(new MessageResponseAction(prepared(prepare)));
            }
            Message answer = answer(frame.message);
            return List.of(isSilent ? new NoResponseAction() : new MessageResponseAction(answer));
        }

        private Message answer(Message message) {
            long now = System.nanoTime();
            List<String> ids = ids(message);
            ids.forEach(id -> attempts.computeIfAbsent(id, key -> new CopyOnWriteArrayList<>())
                    .add(now));
            Optional<Message> error = errors.apply(ids);
            if (error.isPresent()) {
                return error.get();
            }
            if (message instanceof Execute execute && isRead(execute)) {
                return new DefaultRows(
                        columns(COLUMNS),
                        new ArrayDeque<>(List.of(Collections.nCopies(COLUMNS.size(), bytes("text")))));
            }
            stored.addAll(ids);
            return Void.INSTANCE;
        }

        private static boolean isRead(Execute execute) {
            return Arrays.equals(execute.queryId, SELECT);
        }

        private static List<String> ids(Message message) {
            if (message instanceof Execute execute) {
                return List.of(text(execute.options.positionalValues.get(isRead(execute) ? 0 : 1)));
            }
            return ((Batch) message)
                    .values.stream().map(values -> text(values.get(1))).toList();
        }

        private static String text(ByteBuffer value) {
            return StandardCharsets.UTF_8.decode(value.duplicate()).toString();
        }

        private static ByteBuffer bytes(String text) {
            return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        }

        private Message prepared(Prepare prepare) {
            if (prepare.cqlQuery.startsWith("SELECT")) {
                return new Prepared(SELECT, null, variables(List.of("part")), columns(COLUMNS));
            }
            prepares.incrementAndGet();
            return new Prepared(
                    INSERT, null, variables(List.of("part", "id", "value", "[timestamp]")), columns(List.of()));
        }

        private static RowsMetadata variables(List<String> names) {
            return new RowsMetadata(specs(names), null, new int[] {0}, null);
        }

        private static RowsMetadata columns(List<String> names) {
            return new RowsMetadata(specs(names), null, new int[0], null);
        }

        private static List<ColumnSpec> specs(List<String> names) {
            List<ColumnSpec> specs = new ArrayList<>();
            for (String name : names) {
                int type = name.equals("[timestamp]")
                        ? ProtocolConstants.DataType.BIGINT
                        : ProtocolConstants.DataType.VARCHAR;
                specs.add(new ColumnSpec("sim", "rows", name, specs.size(), RawType.PRIMITIVES.get(type)));
            }
            return specs;
        }
    }
}
