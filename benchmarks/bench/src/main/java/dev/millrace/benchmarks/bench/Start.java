package dev.millrace.benchmarks.bench;

import dev.millrace.benchmarks.workload.Figures;
import dev.millrace.benchmarks.workload.Task;
import dev.millrace.benchmarks.workload.Task.SinkKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** How long it takes to the first record done, with the classes loaded from jars or from an archive made before. */
final class Start {

    private static final long RECORDS = 10_000;

    private final Bed bed;
    private final ContenderJvm jvm;
    private final Size size;
    private final List<Contender> contenders = Contender.CONTENDERS.stream()
            .filter(contender -> contender.isMillrace() || contender.isReference())
            .toList();

    Start(Bed bed, ContenderJvm jvm, Size size) {
        this.bed = bed;
        this.jvm = jvm;
        this.size = size;
    }

    private record Setting(SinkKind sink, Jdk jdk, Contender contender, boolean isArchived) {

        Setting unarchived() {
            return new Setting(sink, jdk, contender, false);
        }
    }

    Section measure(Collection<SinkKind> sinks) throws Exception {
        long count = size.of(RECORDS);
        String topic = bed.load(count);
        List<Setting> settings = new ArrayList<>();
        Map<Setting, Path> archives = new HashMap<>();
        Path directory = Files.createTempDirectory("bench-start");
        for (SinkKind sink : sinks) {
            for (Jdk jdk : Jdk.withAndWithoutVirtualThreads()) {
                for (Contender contender : contenders) {
                    Setting setting = new Setting(sink, jdk, contender, true);
                    settings.add(setting.unarchived());
                    settings.add(setting);
                    Path archive = directory.resolve(settings.size() + ".archive");
                    archives.put(setting, archive);
                    // The first run of each warms the servers up besides.
                    run(setting, topic, count, jdk.archivingTo(archive));
                    BenchException.require(Files.exists(archive), "no archive of the classes of " + contender);
                }
            }
        }
        Results<Setting, Figures> results = new Results<>();
        for (int round = 1; round <= size.rounds(); round++) {
            for (Setting setting : settings) {
                Path archive = archives.get(setting);
                String option = archive == null ? "" : setting.jdk.startingFrom(archive);
                Figures figures = run(setting, topic, count, option);
                results.add(setting, figures);
                System.out.printf(
                        "START %d: %-10s %-8s %-25s %-9s %.2f s, of that %.2f s of the processors%n",
                        round,
                        setting.sink,
                        setting.jdk,
                        setting.contender,
                        setting.isArchived ? "archived" : "",
                        figures.startSeconds(),
                        figures.startCpuSeconds());
            }
            Collections.rotate(settings, 1);
        }
        bed.deleteTopic(topic);
        for (Path archive : archives.values()) {
            Files.delete(archive);
        }
        Files.delete(directory);
        Set<Program> programs = contenders.stream().map(Contender::program).collect(Collectors.toSet());
        return new Section(Chapter.START, text(sinks, results), Map.of(), programs);
    }

    private Figures run(Setting setting, String topic, long count, String option) throws Exception {
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
                """.formatted(Text.count(size.of(RECORDS))));
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
