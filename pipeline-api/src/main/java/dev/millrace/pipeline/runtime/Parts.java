package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.graph.StageNode;
import dev.millrace.pipeline.policy.BatchPolicy;
import dev.millrace.pipeline.spi.StateTable;

/**
 * Makes those parts of an engine that its promises rest on. A simulation makes broken ones, to see whether it would
 * notice.
 */
interface Parts {

    Parts SOUND = new Parts() {};

    default Gate gate(int permits) {
        return new Gate(permits);
    }

    default Partition partition(String name, Worker worker) {
        return new Partition(name, worker);
    }

    default SinkBatches batches(Worker worker, BatchPolicy policy, Runnable send) {
        return new SinkBatches(worker, policy, send);
    }

    default AggregateRounds rounds(StageNode.Aggregate node, StateTable table) {
        return new AggregateRounds(node, table, new MergedStates(node));
    }
}
