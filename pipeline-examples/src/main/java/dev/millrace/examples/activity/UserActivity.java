package dev.millrace.examples.activity;

import dev.millrace.examples.ExampleException;
import dev.millrace.examples.Interruption;
import dev.millrace.examples.Servers;
import dev.millrace.files.Json;
import dev.millrace.kafka.Kafka;
import dev.millrace.kafka.StartPosition;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.PipelineStats;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.pipeline.spi.Sink;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The whole of the third system in one process: a server, the publisher, and two reads that end by themselves. */
@Command(
        name = "user-activity",
        description = {
            "Sends the attempts of a JSON file to Kafka, a thousand in a message, and the last one by itself.",
            "Reads them up to the end that the topic has by then, sums up, and writes each question as a row; then reads"
                    + " again from behind them."
        },
        sortOptions = false,
        mixinStandardHelpOptions = true)
public final class UserActivity implements Callable<Integer> {

    private static final Duration LOOK = Duration.ofMillis(50);
    private static final int OFTEN = 100;

    @Option(
            names = "--file",
            paramLabel = "FILE",
            description = "File that holds one JSON array of attempts; by default 3,280 are made up.")
    private @Nullable Path file;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Other numbers make other attempts up; default ${DEFAULT-VALUE}.")
    private long seed = 1;

    @Option(names = "--chunk", paramLabel = "N", description = "Attempts in a message; default ${DEFAULT-VALUE}.")
    private int chunk = 1_000;

    @Option(
            names = "--rows",
            paramLabel = "FILE",
            description = "JSON Lines that the questions are added to; by default one in the directory for temporary"
                    + " files.")
    private @Nullable Path rows;

    @Option(names = "--show-schema", description = "Also show what a message looks like.")
    private boolean isSchemaShown;

    @Option(
            names = "--kafka",
            paramLabel = "HOST:PORT",
            description = "A running Kafka to use instead of one started for this.")
    private @Nullable String address;

    @Option(names = "--keep-running", description = "Do not stop by itself, so that one can look at what is there.")
    private boolean isKeptRunning;

    private final PrintStream out;

    /** With the output of this process. */
    public UserActivity() {
        this(System.out);
    }

    UserActivity(PrintStream out) {
        this.out = out;
    }

    @Override
    public Integer call() throws Exception {
        if (chunk < 1) {
            throw new ExampleException("--chunk must be positive, got " + chunk);
        }
        if (file != null) {
            return run(file);
        }
        Path sample = Files.createTempFile("attempts-", ".json");
        try {
            SampleAttempts.write(sample, seed);
            return run(sample);
        } finally {
            Files.delete(sample);
        }
    }

    private int run(Path attempts) throws Exception {
        if (!Files.isReadable(attempts)) {
            throw new ExampleException("there is no readable file '" + attempts + "'");
        }
        try (Interruption interruption = new Interruption()) {
            Pipeline counting =
                    Pipeline.named("activity-count").from(Json.array(attempts)).to(Sinks.discard());
            long count = run(counting, interruption).recordsRead();
            if (count < 2) {
                throw new ExampleException("there must be 2 attempts or more in '" + attempts + "', got " + count);
            }
            try (Servers servers = interruption.breakingOff(() -> Servers.startKafka(address, out::println))) {
                ActivityTopic.create(servers);
                out.println("Running on " + servers.addresses());
                run(attempts, count - 1, servers, interruption);
                while (isKeptRunning && !interruption.await(LOOK)) {
                    // until then
                }
            }
        }
        return 0;
    }

    private void run(Path attempts, long last, Servers servers, Interruption interruption) throws Exception {
        Kafka kafka = ActivityTopic.with(servers.kafka());
        Path questions = rows == null ? Files.createTempFile("questions-", ".jsonl") : rows;
        PipelineStats published = run(ActivityPipelines.publish(attempts, last, chunk, kafka), interruption);
        out.printf(
                Locale.ROOT,
                "%nPublished %,d attempts in %,d messages%n",
                last,
                published.stage("to").out());
        run(ActivityPipelines.preview(kafka, out), interruption);
        if (isSchemaShown) {
            out.println();
            out.print(ActivityTopic.shape(kafka).tree());
        }
        read(kafka, StartPosition.earliest(), Json.appending(questions, QuestionRow.class), interruption);
        out.println("Rows in " + questions);

        long next = servers.endOf(ActivityTopic.NAME);
        run(ActivityPipelines.publishLast(attempts, last, kafka), interruption);
        out.println();
        out.println("Published the last attempt by itself");
        read(kafka, StartPosition.offsets(Map.of(0, next)), Sinks.table(out), interruption);
    }

    private void read(Kafka kafka, StartPosition start, Sink<? super QuestionRow> sink, Interruption interruption)
            throws Exception {
        ExamCounts exams = new ExamCounts();
        PipelineStats stats = run(ActivityPipelines.unpack(kafka, start, exams, sink), interruption);
        out.printf(Locale.ROOT, "%nRead from %s to the end%n", start);
        out.printf(Locale.ROOT, "%-27s %,d%n", "messages", stats.recordsRead());
        exams.printTo(out, OFTEN);
        out.printf(Locale.ROOT, "%-27s %,d%n", "questions", stats.stage("to").out());
    }

    /** Runs it to its end. */
    private static PipelineStats run(Pipeline pipeline, Interruption interruption) throws Exception {
        try (RunningPipeline running = PipelineRunner.create().start(pipeline)) {
            while (!running.awaitTermination(LOOK)) {
                if (interruption.await(Duration.ZERO)) {
                    throw new ExampleException("interrupted");
                }
            }
            return running.stats();
        }
    }
}
