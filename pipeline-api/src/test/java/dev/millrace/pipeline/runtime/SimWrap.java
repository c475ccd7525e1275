package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.Stage;
import dev.millrace.pipeline.policy.StageOptions;
import dev.millrace.pipeline.record.DeadLetter;
import dev.millrace.pipeline.spi.Sink;
import dev.millrace.pipeline.spi.Source;
import dev.millrace.pipeline.spi.StateStore;
import java.util.List;

/** Stands between the engine and the world, and makes the engine's parts. As it is, it changes nothing; mutants do. */
interface SimWrap extends Parts {

    SimWrap NONE = new SimWrap() {};

    /** What the engine is made of. */
    default Parts parts(SimWorld world) {
        return this;
    }

    default Source<SimValue> source(Source<SimValue> source) {
        return source;
    }

    default Sink<SimValue> sink(Sink<SimValue> sink) {
        return sink;
    }

    default Stage<List<SimValue>> lists(SimWorld world, Stage<List<SimValue>> lists, int size) {
        return lists;
    }

    default <V> Stage<V> limited(Stage<V> stage, long most, StageOptions options) {
        return stage.limit(most, options);
    }

    default Sink<SimTold> told(SimWorld world, Sink<SimTold> sink) {
        return sink;
    }

    default SimTally result(SimWorld world, Object key, SimTally result) {
        return result;
    }

    default StateStore states(SimWorld world, StateStore states) {
        return states;
    }

    default Sink<DeadLetter> letters(Sink<DeadLetter> letters) {
        return letters;
    }
}
