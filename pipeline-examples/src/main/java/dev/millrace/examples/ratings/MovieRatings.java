package dev.millrace.examples.ratings;

import dev.millrace.examples.ExampleException;
import dev.millrace.examples.ServerOptions;
import dev.millrace.examples.Servers;
import dev.millrace.kafka.Kafka;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.pipeline.spi.Enricher;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The whole of the first system in one process: servers, generator, pipeline, and a live view of what it writes. */
@Command(
        name = "movie-ratings",
        description = "Makes ratings up, sends them to Kafka, joins them with a catalogue, writes them to Cassandra.",
        sortOptions = false,
        mixinStandardHelpOptions = true)
public final class MovieRatings implements Callable<Integer> {

    private static final Duration REFRESH = Duration.ofMillis(500);

    @Option(names = "--records", paramLabel = "N", description = "Stop after N ratings; default ${DEFAULT-VALUE}.")
    private long records = 1_000;

    @Mixin
    private GeneratorOptions generator = new GeneratorOptions();

    @Mixin
    private CatalogueOptions catalogue = new CatalogueOptions();

    @Mixin
    private ServerOptions serverOptions = new ServerOptions();

    @Option(names = "--keep-running", description = "Do not stop by itself, so that one can look at what is there.")
    private boolean isKeptRunning;

    private final CountDownLatch interrupted = new CountDownLatch(1);
    private final CountDownLatch finished = new CountDownLatch(1);

    @Override
    public Integer call() throws Exception {
        if (records < 1) {
            throw new ExampleException("--records must be positive, got " + records);
        }
        Function<Kafka, Pipeline> generating = generator.pipeline(records);
        Enricher<String, Movie> movies = catalogue.movies();
        Runtime.getRuntime().addShutdownHook(new Thread(this::letFinish, "on-interrupt"));
        Consumer<String> progress = System.out::println;
        try (Servers servers = Servers.start(serverOptions, progress)) {
            RatingsSchema.create(servers);
            System.out.println("Running on " + servers.addresses());
            return run(servers, movies, generating.apply(servers.kafka()));
        } finally {
            finished.countDown();
        }
    }

    /** Ctrl-C: the JVM stays until the pipelines have drained, the summary is printed and the servers have stopped. */
    private void letFinish() {
        interrupted.countDown();
        try {
            finished.await();
        } catch (InterruptedException impatient) {
            Thread.currentThread().interrupt();
        }
    }

    private int run(Servers servers, Enricher<String, Movie> movies, Pipeline source) throws Exception {
        Observed observed = new Observed();
        Pipeline ratings = RatingsPipeline.of(servers.kafka(), movies, servers.cassandra());
        LiveView view = new LiveView(System.out, observed);
        long start = System.nanoTime();
        try (RunningPipeline writing =
                        PipelineRunner.create().listener(observed).start(ratings);
                RunningPipeline sending = PipelineRunner.create().start(source)) {
            boolean goesOn = true;
            while (goesOn && !interrupted.await(REFRESH.toMillis(), TimeUnit.MILLISECONDS)) {
                view.show(sending.stats(), writing.stats());
                boolean isAllWritten = sending.state().isFinal()
                        && writing.stats().recordsDone() >= sending.stats().recordsDone();
                goesOn = !writing.state().isFinal() && (isKeptRunning || !isAllWritten);
            }
            sending.close();
            writing.close();
            view.summary(sending, writing, Duration.ofNanos(System.nanoTime() - start));
            return sending.failure().isPresent() || writing.failure().isPresent() ? 1 : 0;
        }
    }
}
