package dev.millrace.examples.ratings;

import dev.millrace.examples.ConsoleOption;
import dev.millrace.examples.ExampleException;
import dev.millrace.examples.Interruption;
import dev.millrace.examples.ServerOptions;
import dev.millrace.examples.Servers;
import dev.millrace.kafka.Kafka;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.pipeline.spi.Enricher;
import java.time.Duration;
import java.util.concurrent.Callable;
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

    @Mixin
    private ConsoleOption consoleOption = new ConsoleOption();

    @Override
    public Integer call() throws Exception {
        if (records < 1) {
            throw new ExampleException("--records must be positive, got " + records);
        }
        Function<Kafka, Pipeline> generating = generator.pipeline(records);
        Enricher<String, Movie> movies = catalogue.movies();
        Consumer<String> progress = System.out::println;
        try (Interruption interruption = new Interruption();
                Servers servers = interruption.breakingOff(() -> Servers.start(serverOptions, progress))) {
            RatingsSchema.create(servers);
            System.out.println("Running on " + servers.addresses());
            return run(servers, movies, generating.apply(servers.kafka()), interruption);
        }
    }

    /** Ctrl-C ends it too: then the pipelines drain, the summary is printed and the servers stop. */
    private int run(Servers servers, Enricher<String, Movie> movies, Pipeline source, Interruption interruption)
            throws Exception {
        Observed observed = new Observed();
        Pipeline ratings = RatingsPipeline.of(new ReadOptions().on(servers.kafka()), movies, servers.cassandra());
        LiveView view = new LiveView(System.out, observed);
        long start = System.nanoTime();
        try (ConsoleOption.Console console = consoleOption.start();
                RunningPipeline writing = console.runner().listener(observed).start(ratings);
                RunningPipeline sending = console.runner().start(source)) {
            while (!interruption.await(REFRESH) && !writing.state().isFinal()) {
                view.show(sending.stats(), writing.stats());
                if (sending.state().isFinal() && !isKeptRunning) {
                    writing.finish();
                }
            }
            sending.close();
            writing.close();
            view.summary(sending, writing, Duration.ofNanos(System.nanoTime() - start));
            return sending.failure().isPresent() || writing.failure().isPresent() ? 1 : 0;
        }
    }
}
