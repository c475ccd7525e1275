package dev.millrace.cassandra;

import com.datastax.oss.driver.api.core.CqlIdentifier;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.metadata.Node;
import java.nio.ByteBuffer;
import java.util.Set;

/** Tells which partitions may share a request, since the same nodes hold them. */
@FunctionalInterface
interface Replicas {

    /** Something that is equal for those partitions only: the partition itself where nobody knows of others. */
    Object of(ByteBuffer partitionKey);

    /** As the driver knows the cluster at the moment, which it does not where its token map is switched off. */
    static Replicas of(CqlSession session, CqlIdentifier keyspace) {
        return partitionKey -> {
            Set<Node> nodes = session.getMetadata()
                    .getTokenMap()
                    .map(tokens -> tokens.getReplicas(keyspace, partitionKey))
                    .orElse(Set.of());
            return nodes.isEmpty() ? partitionKey : nodes;
        };
    }
}
