package dev.millrace.examples.ratings;

import dev.millrace.examples.Interruption;
import dev.millrace.kafka.JsonSerde;
import dev.millrace.kafka.Kafka;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.policy.FailurePolicy;
import dev.millrace.pipeline.policy.StageOptions;
import dev.millrace.pipeline.record.SourcePosition;
import dev.millrace.pipeline.runtime.PipelineListener;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.RunningPipeline;
import java.io.PrintStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows the ratings of a topic as a table, each time from where it is told to, until it is stopped. */
@Command(
        name = "ratings-console",
        description = {
            "Shows the ratings of a running Kafka as a table, untruncated, and goes on with new ones until Ctrl-C.",
            "Each time it begins where --start says. A message that is no rating is told of by its place."
        },
        sortOptions = false,
        mixinStandardHelpOptions = true)
public final class RatingsConsole implements Callable<Integer> {

    @Option(names = "--kafka", paramLabel = "HOST:PORT", description = "Default ${DEFAULT-VALUE}.")
    private String kafka = "localhost:9092";

    @Mixin
    private ReadOptions reading = new ReadOptions();

    @Option(names = "--until-end", description = "Stop at the end that the topic has by now.")
    private boolean isEnded;

    private final PrintStream out;

    /** With the output of this process. */
    public RatingsConsole() {
        this(System.out);
    }

    RatingsConsole(PrintStream out) {
        this.out = out;
    }

    static Pipeline pipeline(Kafka kafka, ReadOptions reading, PrintStream console) {
        // docs:begin
        return Pipeline.named("ratings-console")
                .from(reading.applyTo(kafka.source("ratings", JsonSerde.of(Rating.class)))
                        .from(reading.start().ignoringCommitted()))
                .to(Sinks.table(console).untruncated(), StageOptions.with().onFailure(FailurePolicy.skip()));
        // docs:end
    }

    @Override
    public Integer call() throws Exception {
        PipelineListener skips = new PipelineListener() {
            @Override
            public void onSkip(String pipeline, String stage, SourcePosition record, Throwable cause) {
                out.println("left out: " + record + ": " + cause.getMessage());
            }
        };
        try (Interruption interruption = new Interruption();
                RunningPipeline running =
                        PipelineRunner.create().listener(skips).start(pipeline(Kafka.at(kafka), reading, out))) {
            if (isEnded) {
                running.finish();
            }
            if (!interruption.awaitOrEndOf(running)) {
                running.awaitTermination();
            }
        }
        return 0;
    }
}
