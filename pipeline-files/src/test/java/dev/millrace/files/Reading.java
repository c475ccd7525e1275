package dev.millrace.files;

import static dev.millrace.pipeline.policy.FailurePolicy.deadLetter;
import static dev.millrace.pipeline.policy.StageOptions.with;

import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.record.DeadLetter;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.pipeline.spi.Source;
import java.util.ArrayList;
import java.util.List;

/** What a pipeline makes of a source, run to its end. */
record Reading<T>(List<T> values, List<DeadLetter> refused) {

    static <T> Reading<T> of(Source<T> source) throws Exception {
        Reading<T> reading = new Reading<>(new ArrayList<>(), new ArrayList<>());
        run(source, reading);
        return reading;
    }

    /** Fills the reading, also where the run ends in a failure. */
    static <T> void run(Source<T> source, Reading<T> reading) throws Exception {
        Pipeline pipeline = Pipeline.named("reading")
                .from(source)
                .to(Sinks.into(reading.values()), with().onFailure(deadLetter(Sinks.into(reading.refused()))));
        try (RunningPipeline running = PipelineRunner.create().workers(1).start(pipeline)) {
            running.awaitTermination();
        }
    }

    List<String> reasons() {
        return refused.stream().map(letter -> letter.cause().getMessage()).toList();
    }
}
