package dev.millrace.pipeline.runtime;

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

    default Worker worker(Engine engine, String name, int heldLimit) {
        return new Worker(engine, name, heldLimit);
    }
}
