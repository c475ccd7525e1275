package dev.millrace.kafka;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RebalanceInProgressException;

/** Commits all that is done before the consumer is closed, after the end of a rebalance that may be under way. */
record LastCommit(Consumer<byte[], byte[]> consumer, Commits commits, String place) {

    private static final Logger LOG = System.getLogger("dev.millrace.kafka");
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Duration REBALANCE_STEP = Duration.ofMillis(50);

    void send() {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (true) {
            try {
                commits.sendAllNow(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
                return;
            } catch (RebalanceInProgressException e) {
                if (System.nanoTime() - deadline > 0) {
                    commits.giveUp(e);
                    return;
                }
                pollForTheRebalance();
            }
        }
    }

    /** The group takes commits again when its rebalance has ended; what is read meanwhile comes again elsewhere. */
    private void pollForTheRebalance() {
        try {
            consumer.pause(consumer.assignment());
            consumer.poll(REBALANCE_STEP);
        } catch (KafkaException e) {
            LOG.log(Level.DEBUG, "{0} polls on until its deadline: {1}", place, e);
        }
    }
}
