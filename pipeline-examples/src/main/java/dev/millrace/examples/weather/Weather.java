package dev.millrace.examples.weather;

import dev.millrace.examples.DurationConverter;
import dev.millrace.examples.ExampleException;
import dev.millrace.examples.Interruption;
import dev.millrace.examples.ServerOptions;
import dev.millrace.examples.Servers;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sources;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.RunningPipeline;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The whole of the second system in one process: servers, a service if need be, and both pipelines. */
@Command(
        name = "weather",
        description = {
            "Asks OpenWeather for the wind of some cities, sends it to Kafka, writes it to Cassandra and to a backup.",
            "The key is taken from OPENWEATHER_API_KEY; without one a stand-in answers."
        },
        sortOptions = false,
        mixinStandardHelpOptions = true)
public final class Weather implements Callable<Integer> {

    @Option(names = "--rounds", paramLabel = "N", description = "Stop after N rounds; default ${DEFAULT-VALUE}.")
    private long rounds = 5;

    @Option(
            names = "--every",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            defaultValue = "2s",
            description = "From one round to the next, such as 20s; default ${DEFAULT-VALUE}.")
    private Duration every = Duration.ofSeconds(2);

    @Option(
            names = "--cities",
            paramLabel = "ID",
            split = ",",
            description = "Cities by OpenWeather's numbers; default ${DEFAULT-VALUE}.")
    private List<Integer> cities = List.of(4887398, 4164138, 5391959);

    @Mixin
    private ServiceOptions serviceOptions = new ServiceOptions();

    @Mixin
    private ServerOptions serverOptions = new ServerOptions();

    @Option(
            names = "--backup",
            paramLabel = "FILE",
            description = "CSV file that the rows are added to; by default one in the directory for temporary files.")
    private @Nullable Path backup;

    @Option(names = "--keep-running", description = "Do not stop by itself, so that one can look at what is there.")
    private boolean isKeptRunning;

    private final UnaryOperator<@Nullable String> environment;

    private final PrintStream out;

    /** With environment and output of this process. */
    public Weather() {
        this(System::getenv, System.out);
    }

    Weather(UnaryOperator<@Nullable String> environment, PrintStream out) {
        this.environment = environment;
        this.out = out;
    }

    @Override
    public Integer call() throws Exception {
        if (rounds < 1) {
            throw new ExampleException("--rounds must be positive, got " + rounds);
        }
        if (every.isZero()) {
            throw new ExampleException("--every must be positive, got 0");
        }
        Path file = backup == null ? Files.createTempFile("weather-", ".csv") : backup;
        try (Interruption interruption = new Interruption();
                ServiceOptions.Service service = serviceOptions.service(environment);
                Servers servers = interruption.breakingOff(() -> Servers.start(serverOptions, out::println))) {
            WeatherSchema.create(servers);
            out.println("Running on " + servers.addresses() + ", asking " + service);
            out.println("Backup in " + file);
            return run(servers, service, file, interruption);
        }
    }

    private int run(Servers servers, ServiceOptions.Service service, Path file, Interruption interruption)
            throws Exception {
        WeatherView view = new WeatherView(out);
        Pipeline fetch = WeatherPipelines.fetch(
                Sources.every(every, isKeptRunning ? Long.MAX_VALUE : rounds, () -> cities),
                cities.size(),
                OpenWeather.at(service.base(), service.key()),
                servers.kafka());
        Pipeline store = WeatherPipelines.store(servers.kafka(), servers.cassandra(), file, out);
        PipelineRunner runner = PipelineRunner.create().listener(view);
        try (RunningPipeline storing = runner.start(store);
                RunningPipeline fetching = runner.start(fetch)) {
            boolean isInterrupted = interruption.awaitOrEndOf(fetching, storing);
            fetching.close();
            storing.finish();
            if (!isInterrupted) {
                interruption.awaitOrEndOf(storing);
            }
            storing.close();
            view.summary(fetching, storing);
            return fetching.failure().isPresent() || storing.failure().isPresent() ? 1 : 0;
        }
    }
}
