package dev.millrace.examples.logins;

import dev.millrace.examples.DurationConverter;
import dev.millrace.examples.ExampleException;
import dev.millrace.examples.Interruption;
import dev.millrace.examples.ServerOptions;
import dev.millrace.examples.Servers;
import dev.millrace.kafka.JsonSerde;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.Sources;
import dev.millrace.pipeline.policy.Throttle;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.PipelineStats;
import dev.millrace.pipeline.runtime.RunningPipeline;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The whole of the fourth system in one process: servers, logins, a user who is added on the way, and the pipeline. */
@Command(
        name = "logins",
        description = {
            "Sends logins to Kafka, looks their users up in a table of Cassandra, and writes to it when each was last"
                    + " seen.",
            "The logins come in no order of time, some are of nobody, and one user is added half-way."
        },
        sortOptions = false,
        mixinStandardHelpOptions = true)
public final class Logins implements Callable<Integer> {

    private static final Duration LOOK = Duration.ofMillis(100);

    @Option(names = "--logins", paramLabel = "N", description = "Stop after N logins; default ${DEFAULT-VALUE}.")
    private int count = 60;

    @Option(names = "--rate", paramLabel = "N", description = "Logins a second; default ${DEFAULT-VALUE}.")
    private double rate = 10;

    @Option(
            names = "--fresh-for",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            defaultValue = "1s",
            description = "How long what the table says of a user will do, such as 30s; default ${DEFAULT-VALUE}.")
    private Duration freshness = Duration.ofSeconds(1);

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Other numbers make other logins; default ${DEFAULT-VALUE}.")
    private long seed = 1;

    @Mixin
    private ServerOptions serverOptions = new ServerOptions();

    @Option(names = "--keep-running", description = "Do not stop by itself, so that one can look at what is there.")
    private boolean isKeptRunning;

    private final PrintStream out;
    private long sent;

    /** With the output of this process. */
    public Logins() {
        this(System.out);
    }

    Logins(PrintStream out) {
        this.out = out;
    }

    static List<Login> events(long seed, int count) {
        List<String> loginIds = new ArrayList<>(LoginsSchema.USERS.keySet());
        loginIds.add(LoginsSchema.NEWCOMER.loginId());
        loginIds.add(LoginsSchema.UNKNOWN_ID);
        return LoginEvents.seeded(seed, count, loginIds);
    }

    @Override
    public Integer call() throws Exception {
        if (count < 1) {
            throw new ExampleException("--logins must be positive, got " + count);
        }
        Throttle throttle = Throttle.perSecond(rate);
        try (Interruption interruption = new Interruption();
                Servers servers = interruption.breakingOff(() -> Servers.start(serverOptions, out::println))) {
            LoginsSchema.create(servers);
            out.println("Running on " + servers.addresses());
            return run(servers, throttle, interruption);
        }
    }

    private int run(Servers servers, Throttle throttle, Interruption interruption) throws Exception {
        Pipeline logins = LoginsPipeline.of(servers.kafka(), servers.cassandra(), freshness, out);
        catchUp(logins, interruption);
        List<Login> events = events(seed, count);
        try (RunningPipeline writing = PipelineRunner.create().start(logins)) {
            if (isSent(events.subList(0, count / 2), servers, throttle, writing, interruption)
                    && isDone(writing, interruption)) {
                LoginsSchema.addNewcomer(servers);
                out.println("Added user " + LoginsSchema.NEWCOMER.loginId());
                if (isSent(events.subList(count / 2, count), servers, throttle, writing, interruption)) {
                    end(writing, interruption);
                }
            }
            writing.close();
            summary(servers, writing);
            return writing.failure().isPresent() ? 1 : 0;
        }
    }

    /** Does first what a run before this one has left, so that what is counted is of this one. */
    private static void catchUp(Pipeline logins, Interruption interruption) throws InterruptedException {
        try (RunningPipeline running = PipelineRunner.create().start(logins)) {
            running.finish();
            interruption.awaitOrEndOf(running);
        }
    }

    private boolean isSent(
            List<Login> events, Servers servers, Throttle throttle, RunningPipeline writing, Interruption interruption)
            throws Exception {
        Pipeline generator = Pipeline.named("login-generator")
                .from(Sources.of(events))
                .throttle(throttle)
                .to(servers.kafka()
                        .sink(LoginsSchema.TOPIC, JsonSerde.of(Login.class))
                        .keyedBy(Login::loginId));
        try (RunningPipeline sending = PipelineRunner.create().start(generator)) {
            boolean isInterrupted = interruption.awaitOrEndOf(sending, writing);
            sending.close();
            sent += sending.stats().recordsDone();
            return !isInterrupted && !writing.state().isFinal();
        }
    }

    /** Whether all that was sent comes to be done, rather than that it comes to an end before. */
    private boolean isDone(RunningPipeline writing, Interruption interruption) throws InterruptedException {
        while (writing.stats().recordsDone() < sent) {
            if (writing.state().isFinal() || interruption.await(LOOK)) {
                return false;
            }
        }
        return true;
    }

    private void end(RunningPipeline writing, Interruption interruption) throws InterruptedException {
        if (!isKeptRunning) {
            writing.finish();
        }
        interruption.awaitOrEndOf(writing);
    }

    private void summary(Servers servers, RunningPipeline writing) throws Exception {
        PipelineStats stats = writing.stats();
        out.println();
        line("sent", sent);
        line("read", stats.recordsRead());
        line("written", stats.stage("to").out());
        line("unknown", stats.stage("enrichOrDrop").dropped());
        writing.failure().ifPresent(failure -> out.println(failure.getMessage()));
        out.println();
        Pipeline users = Pipeline.named("users")
                .from(Sources.of(servers.query("SELECT login_id, user_name, last_login FROM " + LoginsSchema.TABLE)))
                .to(Sinks.table(out).untruncated());
        try (RunningPipeline printing = PipelineRunner.create().start(users)) {
            printing.awaitTermination();
        }
    }

    private void line(String what, long number) {
        out.printf(Locale.ROOT, "%-13s %,d%n", what, number);
    }
}
