package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.policy.FailurePolicy;
import dev.millrace.pipeline.record.DeadLetter;
import dev.millrace.pipeline.spi.Sink;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** Follows the failure policy for values that a worker's steps give up. */
final class FailureRouter {

    private final Engine engine;
    private final Worker worker;
    private final Map<Sink<DeadLetter>, Step> stores = new HashMap<>();

    FailureRouter(Engine engine, Worker worker) {
        this.engine = engine;
        this.worker = worker;
    }

    Worker worker() {
        return worker;
    }

    void store(Sink<DeadLetter> sink, Step step) {
        stores.put(sink, step);
    }

    /** Takes a token of the flight over. */
    void route(Step step, Flight flight, Throwable cause, int attempts) {
        FailurePolicy policy = Failures.isOfTheStage(cause) ? FailurePolicy.stop() : step.onFailure;
        if (flight.partition.isClosed()) {
            // Whoever reads the partition now meets the record, too.
            flight.release();
        } else if (Failures.isUnavailable(cause)) {
            // A function cannot be called again later. The token is kept: the record comes again.
            flight.partition.givesUp();
            worker.brokenOff(step.name, flight, cause);
        } else if (policy instanceof FailurePolicy.ToDeadLetters letters && flight.isOfSource()) {
            Step store = Objects.requireNonNull(stores.get(letters.store()));
            flight.records().forEach(record -> deadLetter(step, store, record, cause, attempts));
            flight.release();
        } else if (policy instanceof FailurePolicy.Skip) {
            step.skipped++;
            for (Flight record : flight.records()) {
                worker.counters.skipped++;
                engine.listeners.onSkip(step.name, record.position(), cause);
            }
            flight.release();
        } else {
            // The token is kept: the frontier must never pass what it stands for.
            flight.partition.givesUp();
            worker.failed(step.name, flight, cause);
        }
    }

    /** One dead letter stands for all that became of a record, since it holds the record as it was read. */
    private void deadLetter(Step step, Step store, Flight flight, Throwable cause, int attempts) {
        if (flight.isDeadLettered) {
            return;
        }
        flight.isDeadLettered = true;
        flight.partition.givesUp();
        step.deadLettered++;
        DeadLetter letter =
                new DeadLetter(flight.raw(), engine.name(), step.name, cause, attempts, engine.environment.now());
        engine.listeners.onDeadLetter(letter);
        store.accept(flight, flight.raw().key(), letter);
    }
}
