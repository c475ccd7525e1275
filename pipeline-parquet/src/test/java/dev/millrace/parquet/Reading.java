package dev.millrace.parquet;

import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.pipeline.spi.Source;
import java.util.ArrayList;
import java.util.List;

/** What a pipeline makes of a source, run to its end. */
final class Reading {

    private Reading() {}

    static <T> List<T> of(Source<T> source) throws Exception {
        List<T> values = new ArrayList<>();
        run(source, values);
        return values;
    }

    /** Adds the values, also where the run ends in a failure. */
    static <T> void run(Source<T> source, List<T> values) throws Exception {
        Pipeline pipeline = Pipeline.named("reading").from(source).to(Sinks.into(values));
        try (RunningPipeline running = PipelineRunner.create().workers(1).start(pipeline)) {
            running.awaitTermination();
        }
    }
}
