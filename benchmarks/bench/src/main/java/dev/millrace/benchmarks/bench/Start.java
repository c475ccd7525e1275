package dev.millrace.benchmarks.bench;

import dev.millrace.benchmarks.workload.Figures;
import dev.millrace.benchmarks.workload.Task;
import dev.millrace.benchmarks.workload.Task.SinkKind;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How long it takes to the first record done, with the classes loaded from jars or from an archive made before. */
final class Start {

    private static final long RECORDS = 10_000;

    private final Bed bed;
    private final ContenderJvm jvm;
    private final int rounds;
    private final long count;
    private final List<Contender> contenders = Contender.CONTENDERS.stream()
            .filter(contender -> contender.isMillrace() || contender.isReference())
            .toList();

    Start(Bed bed, ContenderJvm jvm, Size size) {
        this.bed = bed;
        this.jvm = jvm;
        this.rounds = size.rounds();
        this.count = size.of(RECORDS);
    }

    private record Setting(SinkKind sink, Jdk jdk, Contender contender, boolean isArchived) {

        @Override
        public String toString() {
            return sink + ", " + jdk + ", " + contender + (isArchived ? ", archive" : "");
        }
    }

    Section measure(Collection<SinkKind> sinks) throws Exception {
        Path directory = Files.createTempDirectory("bench-start");
        String topic = bed.load(count);
        Map<Setting, String> options = options(settings(sinks), topic, directory);
        List<Setting> turns = new ArrayList<>(options.keySet());
        Results<Setting, Figures> results = new Results<>();
        for (int round = 1; round <= rounds; round++) {
            for (Setting setting : turns) {
                Figures figures = run(setting, topic, Objects.requireNonNull(options.get(setting)));
                results.add(setting, figures);
                System.out.printf("START %d: %s %.2f s%n", round, setting, figures.startSeconds());
            }
            Collections.rotate(turns, 1);
        }
        bed.deleteTopic(topic);
        delete(directory);
        Set<Program> programs = contenders.stream().map(Contender::program).collect(Collectors.toSet());
        return new Section(Chapter.START, text(sinks, results), Map.of(), programs);
    }

    private List<Setting> settings(Collection<SinkKind> sinks) {
        return sinks.stream()
                .flatMap(sink -> Jdk.withAndWithoutVirtualThreads().stream()
                        .flatMap(jdk -> contenders.stream()
                                .flatMap(contender -> Stream.of(false, true)
                                        .map(isArchived -> new Setting(sink, jdk, contender, isArchived)))))
                .toList();
    }

    /** The one more option of each JVM, after a run that leaves an archive, which warms the servers up besides. */
    private Map<Setting, String> options(List<Setting> settings, String topic, Path directory) throws Exception {
        Map<Setting, String> options = new LinkedHashMap<>();
        for (Setting setting : settings) {
            Path archive = directory.resolve(Integer.toString(options.size()));
            if (setting.isArchived) {
                run(setting, topic, setting.jdk.archivingTo(archive));
                BenchException.require(Files.exists(archive), "no archive of the classes of " + setting);
            }
            options.put(setting, setting.isArchived ? setting.jdk.startingFrom(archive) : "");
        }
        return options;
    }

    private static void delete(Path directory) throws IOException {
        try (DirectoryStream<Path> archives = Files.newDirectoryStream(directory)) {
            for (Path archive : archives) {
                Files.delete(archive);
            }
        }
        Files.delete(directory);
    }

    private Figures run(Setting setting, String topic, String option) throws Exception {
        Task task = bed.task(topic, count, setting.sink, setting.contender.variant());
        ContenderJvm chosen = jvm.on(setting.jdk);
        Figures figures =
                (option.isEmpty() ? chosen : chosen.with(option)).run(setting.contender.program(), task.options());
        bed.check(task);
        return figures;
    }

    private String text(Collection<SinkKind> sinks, Results<Setting, Figures> results) {
        StringBuilder text = new StringBuilder("""
                Seconds from the start of a JVM to the first record done, of %s records that wait (least..most). *Archive*: the
                classes come from an archive that a former run has left, by `-XX:ArchiveClassesAtExit` and `-XX:SharedArchiveFile` on
                Java 17, by `-XX:AOTCacheOutput` and `-XX:AOTCache` on Java 25, as [Operations](operations.md#a-quick-start) says.

                | Sink | | Millrace | by hand, one thread | Millrace, archive | by hand, archive |
                |---|---|--:|--:|--:|--:|
                """.formatted(Text.count(count)));
        for (SinkKind sink : sinks) {
            for (Jdk jdk : Jdk.withAndWithoutVirtualThreads()) {
                text.append(String.format("| %s | %s |", sink.name().toLowerCase(Locale.ROOT), jdk));
                for (boolean isArchived : List.of(false, true)) {
                    for (Contender contender : contenders) {
                        Spread seconds =
                                results.of(new Setting(sink, jdk, contender, isArchived), Figures::startSeconds);
                        text.append(String.format(
                                Locale.ROOT,
                                " %.2f (%.2f..%.2f) |",
                                seconds.median(),
                                seconds.least(),
                                seconds.most()));
                    }
                }
                text.append('\n');
            }
        }
        return text.toString();
    }
}
