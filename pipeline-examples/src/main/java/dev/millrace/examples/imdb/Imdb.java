package dev.millrace.examples.imdb;

import dev.millrace.examples.ExampleException;
import dev.millrace.examples.Interruption;
import dev.millrace.examples.Servers;
import dev.millrace.files.Csv;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.record.SourcePosition;
import dev.millrace.pipeline.runtime.PipelineListener;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.RunningPipeline;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The whole of the fifth system in one process: a server, the producer, and the pipeline that scores and counts. */
@Command(
        name = "imdb",
        description = {
            "Sends the rated movies of IMDb's files to Kafka at a set rate, scores each, and counts them by genre.",
            "Run again with the same --kafka and --directory, it goes on where it stopped. Settings in capitals are"
                    + " also taken from the environment, or from a file .env."
        },
        defaultValueProvider = DotEnv.class,
        sortOptions = false,
        mixinStandardHelpOptions = true)
public final class Imdb implements Callable<Integer> {

    private static final Duration LOOK = Duration.ofMillis(50);

    @Mixin
    private ImdbSettings settings = new ImdbSettings();

    @Option(
            names = "--kafka",
            paramLabel = "HOST:PORT",
            description = "A running Kafka to use instead of one started for this.")
    private @Nullable String address;

    @Option(
            names = "--directory",
            paramLabel = "DIR",
            description = "Where to write, and to go on from; by default a new one among those for temporary files.")
    private @Nullable Path directory;

    @Option(names = "--keep-running", description = "Do not stop by itself, so that one can look at what is there.")
    private boolean isKeptRunning;

    private final PrintStream out;

    /** With the output of this process. */
    public Imdb() {
        this(System.out);
    }

    Imdb(PrintStream out) {
        this.out = out;
    }

    @Override
    public Integer call() throws Exception {
        settings.limit();
        settings.rate();
        settings.prior();
        settings.interval();
        Path target = directory == null ? Files.createTempDirectory("imdb-") : directory;
        if (address == null && new ImdbFiles(target).areOfAnEarlierRun()) {
            throw new ExampleException(
                    "'" + target + "' is of an earlier run: give its Kafka by --kafka, or another" + " directory");
        }
        ImdbFiles files = ImdbFiles.in(target);
        TitleFiles titles = settings.titles(target);
        try (Interruption interruption = new Interruption();
                Servers servers = interruption.breakingOff(() -> Servers.startKafka(address, out::println))) {
            servers.createTopic(ImdbPipelines.TOPIC, ImdbPipelines.PARTITIONS);
            servers.requirePartitions(ImdbPipelines.TOPIC, ImdbPipelines.PARTITIONS); // of one that was there
            out.println("Running on " + servers.addresses());
            out.println("Writing to " + target);
            Pipeline producer = ImdbPipelines.producer(
                    titles.basics(), titles.ratings(), settings.limit, settings.rate, servers.kafka(), files);
            Pipeline movies = ImdbPipelines.movies(settings.prior(), settings.interval, servers.kafka(), files);
            return run(producer, movies, files, interruption);
        }
    }

    private int run(Pipeline producer, Pipeline movies, ImdbFiles files, Interruption interruption) throws Exception {
        PipelineRunner runner =
                PipelineRunner.create().drainTimeout(Duration.ofSeconds(5)).listener(new LeftOut());
        try (RunningPipeline scoring = runner.start(movies);
                RunningPipeline producing = runner.start(producer)) {
            boolean goesOn = true;
            while (goesOn && !interruption.await(LOOK)) {
                boolean isSent = producing.state().isFinal() && !isKeptRunning;
                goesOn = !isSent
                        && !scoring.state().isFinal()
                        && producing.failure().isEmpty();
            }
            producing.close();
            scoring.finish();
            if (!interruption.hasCome()) {
                interruption.awaitOrEndOf(scoring);
            }
            scoring.close();
            summary(producing, scoring, files);
            return producing.failure().isPresent() || scoring.failure().isPresent() ? 1 : 0;
        }
    }

    private void summary(RunningPipeline producing, RunningPipeline scoring, ImdbFiles files) throws Exception {
        out.println();
        line("titles read", producing.stats().recordsRead());
        line("movies sent", producing.stats().stage("to").out());
        line("movies scored", scoring.stats().stage("alsoTo").out());
        line("left out", producing.stats().skipped());
        producing.failure().ifPresent(failure -> out.println(failure.getMessage()));
        scoring.failure().ifPresent(failure -> out.println(failure.getMessage()));
        out.println();
        if (Files.exists(files.genreCounts())) {
            Pipeline counts = Pipeline.named("genre-counts")
                    .from(Csv.source(files.genreCounts(), GenreCount.class))
                    .to(Sinks.table(out));
            try (RunningPipeline printing = PipelineRunner.create().start(counts)) {
                printing.awaitTermination();
            }
        }
    }

    private void line(String what, long number) {
        out.printf(Locale.ROOT, "%-14s %,d%n", what, number);
    }

    /** Says which rows are left out, and why. */
    private final class LeftOut implements PipelineListener {

        @Override
        public void onSkip(String pipeline, String stage, SourcePosition record, Throwable cause) {
            out.println("left out: " + cause.getMessage());
        }
    }
}
