package dev.millrace.examples.service;

import dev.millrace.examples.DurationConverter;
import dev.millrace.examples.ExampleException;
import dev.millrace.examples.Interruption;
import dev.millrace.examples.Servers;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.PipelineStats;
import dev.millrace.pipeline.runtime.RunningPipeline;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A service as it runs in a container: until it is told to end, or its pipeline fails. */
@Command(
        name = "service",
        description = {
            "Writes orders from Kafka to a file, and answers /live, /ready and /metrics over HTTP.",
            "Ctrl-C or SIGTERM ends it in good order: not ready any more, what has been read is written, exit code 0."
        },
        sortOptions = false,
        mixinStandardHelpOptions = true)
public final class Service implements Callable<Integer> {

    private static final Duration LOOK = Duration.ofMinutes(1);
    private static final double FASTEST = 1e6;
    private static final int LAST_PORT = 65_535;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "Where it answers, 0 for any that is free; default ${DEFAULT-VALUE}.")
    private int port = 8080;

    @Option(names = "--file", paramLabel = "FILE", description = "Written to; default ${DEFAULT-VALUE}.")
    private Path file = Path.of("orders.jsonl");

    @Option(
            names = "--drain-timeout",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            defaultValue = "20s",
            description = "How long what has been read may take once it is told to end; default ${DEFAULT-VALUE}.")
    private Duration drainTimeout = Duration.ofSeconds(20);

    @Option(
            names = "--exit-on-failure",
            description = "End with exit code 1 when the pipeline fails, instead of saying so at /live.")
    private boolean isEndedByFailure;

    @Option(
            names = "--rate",
            paramLabel = "N",
            description = "Orders a second that are made up and sent; default ${DEFAULT-VALUE}, 0 for none.")
    private double rate = 10;

    @Option(
            names = "--kafka",
            paramLabel = "HOST:PORT",
            description = "A running Kafka to use instead of one started for this.")
    private @Nullable String kafka;

    private final PrintStream out;

    /** With the output of this process. */
    public Service() {
        this(System.out);
    }

    Service(PrintStream out) {
        this.out = out;
    }

    @Override
    public Integer call() throws Exception {
        if (!(rate >= 0 && rate <= FASTEST)) {
            throw new ExampleException("--rate must be 0 to 1000000, got " + rate);
        }
        if (port < 0 || port > LAST_PORT) {
            throw new ExampleException("--port must be 0 to 65535, got " + port);
        }
        try (Interruption interruption = Interruption.withExitCode();
                Servers servers = interruption.breakingOff(() -> Servers.startKafka(kafka, out::println))) {
            servers.createTopic(OrderPipelines.TOPIC, 2);
            out.println("Running on " + servers.addresses());
            if (rate == 0) {
                return serve(servers, interruption);
            }
            try (RunningPipeline sending =
                    PipelineRunner.create().start(OrderPipelines.sender(servers.kafka(), rate))) {
                return serve(servers, interruption);
            }
        }
    }

    private int serve(Servers servers, Interruption interruption) throws Exception {
        OrderService service = OrderService.start(OrderPipelines.of(servers.kafka(), file), drainTimeout, port);
        try (service) {
            out.println("Answering at http://localhost:" + service.port() + "/live, /ready and /metrics");
            awaitEnd(service.pipeline(), interruption);
        }
        summary(service.pipeline());
        return service.pipeline().failure().isPresent() ? 1 : 0;
    }

    private void awaitEnd(RunningPipeline pipeline, Interruption interruption) throws InterruptedException {
        if (isEndedByFailure) {
            interruption.awaitOrEndOf(pipeline);
            return;
        }
        while (!interruption.await(LOOK)) {
            // whether the pipeline lives is for others to ask
        }
    }

    private void summary(RunningPipeline pipeline) {
        PipelineStats stats = pipeline.stats();
        out.printf(Locale.ROOT, "%nread          %,d%n", stats.recordsRead());
        out.printf(Locale.ROOT, "done          %,d%n", stats.recordsDone());
        pipeline.failure().ifPresent(failure -> out.println(failure.getMessage()));
    }
}
