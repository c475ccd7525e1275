package dev.millrace.benchmarks.bench;

import dev.millrace.benchmarks.workload.Task.SinkKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
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

    @Option(
            names = "--kinds",
            split = ",",
            description =
                    "END_TO_END: throughput from a topic to a sink. START: to the first record done. WINDOW: with so"
                            + " many requests under way to a Cassandra that is idle, slow or overloaded. LATENCY: from Kafka to"
                            + " Cassandra, at shares of the highest throughput. KEYED: work on many keys at once. GROWTH: the cost"
                            + " of a record the more there are of something. PARTS: its cost in parts of the library, by JMH. By"
                            + " default all.")
    private Set<Kind> kinds = EnumSet.allOf(Kind.class);

    @Option(
            names = "--sinks",
            split = ",",
            description = "Of END_TO_END and START: NONE, KAFKA, CASSANDRA; by default one after the other.")
    private Set<SinkKind> sinks = EnumSet.allOf(SinkKind.class);

    @Option(names = "--rounds", description = "How often each is run; default ${DEFAULT-VALUE}.")
    private int rounds = 5;

    @Option(
            names = "--records",
            description = "Records of an END_TO_END run; by default 3,000,000 without a sink and to Kafka,"
                    + " 300,000 to Cassandra.")
    private long records;

    @Option(
            names = "--scale",
            description = "What all other counts and times are multiplied by, such as 0.01 to see whether all works.")
    private double scale = 1;

    @Option(
            names = "--only",
            split = ",",
            description = "Modules of contenders, such as millrace,hand-written; by default all.")
    private List<String> modules = List.of();

    @Option(
            names = "--jvm-option",
            description = "One more option of the contenders' JVMs, such as one that records a profile.")
    private List<String> jvmOptions = List.of();

    @Option(
            names = "--output",
            description = "The file to write the page to, with plots in the directory performance beside it; by default"
                    + " the page is printed.")
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
        List<Section> sections = new ArrayList<>();
        try {
            measure(jvm, new Size(rounds, records, scale), sections);
        } finally {
            // What has been measured before a failure has taken hours.
            write(new Report(sections, jvm));
        }
        return 0;
    }

    private void write(Report report) throws IOException {
        String arguments = String.join(
                " ",
                spec.commandLine().getParseResult().originalArgs().stream()
                        .skip(2)
                        .toList());
        String command = ("benchmarks/run " + arguments).strip();
        if (output == null) {
            System.out.println(report.page("", command));
        } else {
            report.write(output, command);
        }
    }

    /** What needs no servers comes first, while there are none that take processors from it. */
    private void measure(ContenderJvm jvm, Size size, List<Section> sections) throws Exception {
        if (kinds.contains(Kind.PARTS)) {
            sections.add(new Parts(jvm, size).measure());
        }
        if (kinds.contains(Kind.GROWTH)) {
            sections.add(new Growth(jvm, size).measure());
        }
        if (EnumSet.of(Kind.PARTS, Kind.GROWTH).containsAll(kinds)) {
            return;
        }
        try (Bed bed = new Bed()) {
            if (kinds.contains(Kind.KEYED)) {
                List<KeyedContender> contenders = KeyedContender.CONTENDERS.stream()
                        .filter(contender -> isChosen(contender.program()))
                        .toList();
                sections.add(new Keyed(bed, jvm, size, contenders).measure());
            }
            EndToEnd endToEnd = new EndToEnd(bed, jvm, size);
            if (kinds.contains(Kind.END_TO_END)) {
                for (SinkKind sink : sinks) {
                    sections.add(endToEnd.section(sink, chosen(sink)));
                }
            }
            if (kinds.contains(Kind.START)) {
                sections.add(new Start(bed, jvm, size).measure(sinks));
            }
            if (kinds.contains(Kind.WINDOW)) {
                sections.add(new Window(bed, jvm, size).measure());
            }
            if (kinds.contains(Kind.LATENCY)) {
                sections.add(new Latency(bed, jvm, size, chosen(SinkKind.CASSANDRA)).measure(endToEnd));
            }
        }
    }

    private List<Contender> chosen(SinkKind sink) {
        return Contender.of(sink).stream()
                .filter(contender -> isChosen(contender.program()))
                .toList();
    }

    private boolean isChosen(Program program) {
        return modules.isEmpty() || modules.contains(program.module());
    }
}
