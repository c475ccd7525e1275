package dev.millrace.benchmarks.bench;

import dev.millrace.benchmarks.workload.Figures;
import dev.millrace.benchmarks.workload.Task;
import dev.millrace.benchmarks.workload.Task.SinkKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs contenders in turn, round after round, so that whatever slows the machine down slows all of them. */
@Command(
        name = "bench",
        description = "Measures Millrace, loops written by hand and other libraries at the same job.",
        sortOptions = false,
        mixinStandardHelpOptions = true)
final class Bench implements Callable<Integer> {

    @Option(names = "--sinks", split = ",", description = "NONE, KAFKA, CASSANDRA; by default one after the other.")
    private Set<SinkKind> sinks = EnumSet.allOf(SinkKind.class);

    @Option(names = "--rounds", description = "How often each is run; default ${DEFAULT-VALUE}.")
    private int rounds = 5;

    @Option(
            names = "--records",
            description =
                    "Records of a run; by default 3,000,000 without a sink and to Kafka," + " 300,000 to Cassandra.")
    private long records;

    @Option(
            names = "--only",
            split = ",",
            description = "Modules of contenders, such as millrace,hand-written; by default all.")
    private List<String> modules = List.of();

    @Option(
            names = "--jvm-option",
            description = "One more option of the contenders' JVMs, such as one that records a profile.")
    private List<String> jvmOptions = List.of();

    @Option(names = "--output", description = "The file to write the page to; by default it is printed.")
    @Nullable
    private Path output;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--benchmarks", hidden = true, required = true, description = "The directory of the contenders.")
    private Path benchmarks = Path.of("benchmarks");

    public static void main(String[] args) {
        Logger.getLogger("").setLevel(Level.WARNING);
        System.exit(new CommandLine(new Bench()).execute(args));
    }

    @Override
    public Integer call() throws Exception {
        ContenderJvm jvm = new ContenderJvm(benchmarks, jvmOptions);
        Map<SinkKind, Results> results = new EnumMap<>(SinkKind.class);
        try (Bed bed = new Bed(sinks)) {
            for (SinkKind sink : sinks) {
                results.put(sink, measured(bed, jvm, sink));
            }
        }
        String command = "benchmarks/run "
                + String.join(
                        " ",
                        spec.commandLine().getParseResult().originalArgs().stream()
                                .skip(2)
                                .toList());
        String report = Report.of(results, command.strip(), jvm);
        if (output == null) {
            System.out.println(report);
        } else {
            Files.writeString(output, report);
        }
        return 0;
    }

    private Results measured(Bed bed, ContenderJvm jvm, SinkKind sink) throws Exception {
        long count = records > 0 ? records : sink == SinkKind.CASSANDRA ? 300_000 : 3_000_000;
        System.out.println("Loading " + count + " records for sink " + sink);
        String topic = bed.load(count, sink);
        List<Contender> contenders = new ArrayList<>(Contender.CONTENDERS.stream()
                .filter(contender -> contender.sinks().contains(sink))
                .filter(contender -> modules.isEmpty() || modules.contains(contender.module()))
                .toList());
        Results results = new Results();
        for (int round = 1; round <= rounds; round++) {
            for (Contender contender : contenders) {
                Task task = bed.task(topic, count, sink, contender.variant());
                Figures figures = jvm.run(contender, task);
                bed.check(task);
                results.add(contender, figures);
                System.out.printf(
                        "%s %d: %-45s %,9.0f records/s, %,9.0f per CPU second, started in %.1f s%n",
                        sink, round, contender, figures.rate(), figures.ratePerCpuSecond(), figures.startSeconds());
            }
            // Nobody always comes after the same one.
            Collections.rotate(contenders, 1);
        }
        return results;
    }
}
