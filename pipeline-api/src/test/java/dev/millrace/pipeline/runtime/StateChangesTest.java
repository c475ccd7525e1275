package dev.millrace.pipeline.runtime;

import static dev.millrace.pipeline.runtime.PipelineState.DRAINING;
import static dev.millrace.pipeline.runtime.PipelineState.RUNNING;
import static dev.millrace.pipeline.runtime.PipelineState.STOPPED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StateChangesTest {

    private final List<PipelineState> told = new ArrayList<>();
    private final StateChanges changes = new StateChanges(this::hear);

    private void hear(PipelineState state) {
        told.add(state);
        if (state == DRAINING) {
            throw new IllegalStateException("not this one");
        }
    }

    @Test
    void shouldKeepWhatComesBeforeItIsOpened() {
        changes.add(RUNNING);
        changes.tell();
        assertThat(told).isEmpty();

        changes.add(STOPPED);
        changes.open();
        changes.tell();
        assertThat(told).containsExactly(RUNNING, STOPPED);
    }

    @Test
    void shouldTellTheRestWhenTheListenerThrows() {
        changes.open();
        changes.add(DRAINING);
        changes.add(STOPPED);

        assertThatThrownBy(changes::tell).hasMessage("not this one");
        assertThat(told).containsExactly(DRAINING, STOPPED);
        assertThat(changes.isTelling()).isFalse();

        changes.add(RUNNING);
        changes.tell();
        assertThat(told).endsWith(RUNNING);
    }
}
