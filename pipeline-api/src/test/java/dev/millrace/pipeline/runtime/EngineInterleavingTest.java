package dev.millrace.pipeline.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.Sources;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/** A pipeline that several ask to do different things at once comes to its end, once, and by the way that was asked. */
@EnabledForJreRange(max = JRE.JAVA_25, disabledReason = "Lincheck knows no newer JDK")
class EngineInterleavingTest {

    private final Logger logger = Logger.getLogger("dev.millrace.pipeline");

    @BeforeEach
    void logNothing() {
        logger.setLevel(Level.OFF);
    }

    @AfterEach
    void logAgain() {
        logger.setLevel(null);
    }

    @Test
    void shouldTellEachStateOnceAndInOrderWhenDrainedAndAbandonedAtOnce() {
        Interleavings.of(() -> {
            States states = new States();
            Engine engine = start(states);
            Interleavings.together(engine::drain, engine::abandon);
            await(engine);
            assertThat(engine.state()).isEqualTo(PipelineState.STOPPED);
            assertThat(states.told()).isSorted().doesNotHaveDuplicates().startsWith(PipelineState.RUNNING);
        });
    }

    private static Engine start(PipelineListener listener) {
        RunnerOptions options = new RunnerOptions();
        options.workers = 1;
        options.listeners = List.of(listener);
        return Engine.start(
                Pipeline.named("asked").from(Sources.of("one")).to(Sinks.discard()),
                options,
                new ThreadedEnvironment("asked"));
    }

    private static void await(Engine engine) {
        try {
            engine.awaitTermination();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    /** What is told of states. */
    private static final class States implements PipelineListener {

        private final List<PipelineState> told = new ArrayList<>();

        @Override
        public synchronized void onStateChange(String pipeline, PipelineState state) {
            told.add(state);
        }

        synchronized List<PipelineState> told() {
            return List.copyOf(told);
        }
    }
}
