package dev.millrace.testkit;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.IntStream;

/**
 * Starts the nodes of a cluster: each must know the others' ports before it starts, and none is ready before most are
 * there.
 */
final class ClusterStart {
    private final ServerOptions options;
    private final int count;
    private final List<Path> jars;

    ClusterStart(ServerOptions options, int count) {
        this.options = options;
        this.count = count;
        this.jars = ChildServer.jars(KafkaRecipe.of(options), options);
    }

    /** In the order of their ids; where a port was taken between its choice and its use, again with others. */
    List<ChildServer> run() {
        for (int attempt = 1; ; attempt++) {
            List<ServerOptions> nodes =
                    IntStream.range(0, count).mapToObj(this::node).toList();
            List<ServerDirectory> directories = nodes.stream()
                    .map(node -> ServerDirectory.create("kafka", node.dataDirectory()))
                    .toList();
            try {
                return start(nodes, directories);
            } catch (ServerStartException e) {
                if (!ChildServer.mayTakeOtherPorts(e, options, attempt)) {
                    throw e;
                }
                directories.forEach(ServerDirectory::delete);
            }
        }
    }

    private ServerOptions node(int index) {
        Path root = options.dataDirectory();
        return options.at(
                options.port() == 0 ? 0 : options.port() + index,
                root == null ? null : root.resolve("broker-" + (index + 1)));
    }

    /** All or none: where one does not come up, the others are killed, and their logs stay beside its own. */
    private List<ChildServer> start(List<ServerOptions> nodes, List<ServerDirectory> directories) {
        FreePorts.take(nodes.stream().map(ServerOptions::port).toList());
        Map<Integer, Integer> controllers = new HashMap<>();
        for (int i = 0; i < count; i++) {
            int port = nodes.get(i).port();
            controllers.put(i + 1, directories.get(i).ports(2, port).get(1));
        }
        String clusterId = KafkaRecipe.newClusterId();
        Map<Integer, ChildServer> started = new ConcurrentSkipListMap<>();
        try {
            AtOnce.run(IntStream.range(0, count)
                    .<Runnable>mapToObj(i -> () -> {
                        int id = i + 1;
                        Map<Integer, Integer> peers = new HashMap<>(controllers);
                        peers.remove(id);
                        KafkaRecipe recipe = KafkaRecipe.of(nodes.get(i), clusterId, id, peers);
                        started.put(id, ChildServer.start(recipe, nodes.get(i), jars, directories.get(i)));
                    })
                    .toList());
        } catch (RuntimeException | Error e) {
            started.values().forEach(ChildServer::kill);
            throw e;
        }
        return List.copyOf(started.values());
    }
}
