package dev.millrace.faults;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A {@link PipelineUnderTest} in a process of its own. */
final class ChildPipeline implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Process process;
    private final Path journal;
    private final List<String> lines = new ArrayList<>();
    private final Thread reader;

    private ChildPipeline(Process process, Path journal) {
        this.process = process;
        this.journal = journal;
        this.reader = new Thread(this::read, "child-output");
        reader.setDaemon(true);
        reader.start();
    }

    static ChildPipeline start(Settings settings) throws Exception {
        return start(settings, "");
    }

    static ChildPipeline start(Settings settings, String crashAt) throws Exception {
        return start(settings, ClassArchive.options(), Map.of("CRASH_AT", crashAt));
    }

    /** With variables of its environment. */
    static ChildPipeline start(Settings settings, List<String> classes, Map<String, String> variables)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx" + settings.number("heapMegabytes", 256) + "m",
                // A start every few seconds on a busy machine: let it be a cheap one.
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                // Where a process that is killed leaves its copy of the native library.
                "-Dorg.sqlite.tmpdir=" + Path.of(settings.text("journal")).getParent()));
        command.addAll(classes);
        command.add(PipelineUnderTest.class.getName());
        command.addAll(settings.arguments());
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(variables);
        return new ChildPipeline(builder.start(), Path.of(settings.text("journal")));
    }

    private void read() {
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                synchronized (lines) {
                    lines.add(line);
                }
            }
        } catch (IOException closed) {
            // The process is gone, and with it the other end of the pipe.
        }
    }

    Path journal() {
        return journal;
    }

    List<Journal.Line> journalLines() throws IOException {
        return Journal.read(journal);
    }

    ChildPipeline awaitLine(String line) throws Exception {
        await("the line '" + line + "'", () -> {
            synchronized (lines) {
                return lines.contains(line);
            }
        });
        return this;
    }

    /** Waits until so many journal lines tell of this: an {@code ack}, or an event of that name. */
    ChildPipeline awaitNoted(String what, long count) throws Exception {
        await(count + " times '" + what + "'", () -> noted(what) >= count);
        return this;
    }

    ChildPipeline awaitFirstAck() throws Exception {
        return awaitNoted("ack", 1);
    }

    long noted(String what) throws IOException {
        if (!Files.exists(journal)) {
            return 0;
        }
        // Not by journalLines: this is asked many times a second.
        try (Stream<String> noted = Files.lines(journal)) {
            return noted.filter(line ->
                            line.startsWith(what + ' ') || line.startsWith("event ") && line.contains(' ' + what + ' '))
                    .count();
        }
    }

    /** The numbers noted of this, one after the other. */
    List<Long> all(String event) throws IOException {
        return journalLines().stream()
                .filter(line -> line.key().equals(event))
                .map(Journal.Line::seq)
                .toList();
    }

    /** The greatest number noted of this. */
    long greatest(String event) throws IOException {
        return all(event).stream().mapToLong(Long::longValue).max().orElse(0);
    }

    /** When the first acknowledgement came after a moment, by the wall clock; empty if none has. */
    OptionalLong firstAckAfter(long millis) throws IOException {
        return journalLines().stream()
                .filter(line -> line.what().equals("ack") && line.millis() > millis)
                .mapToLong(Journal.Line::millis)
                .findFirst();
    }

    /** What it has said to be lost: {@code first-last} by partition. */
    Map<String, Set<String>> dataLost() {
        Map<String, Set<String>> lost = new TreeMap<>();
        output().lines()
                .filter(line -> line.startsWith(PipelineUnderTest.DATA_LOST))
                .forEach(line -> {
                    String[] words =
                            line.substring(PipelineUnderTest.DATA_LOST.length()).split(" ", 3);
                    lost.computeIfAbsent(words[0], partition -> new TreeSet<>()).add(words[1] + '-' + words[2]);
                });
        return lost;
    }

    private void await(String what, Await.Condition condition) throws Exception {
        Await.until(what, PATIENCE, this::told, () -> {
            // In this order: what it has done before it ended counts.
            boolean isAlive = process.isAlive() || reader.isAlive();
            if (condition.isMet()) {
                return true;
            }
            if (!isAlive) {
                throw new AssertionError(what + " did not come before the end: " + told());
            }
            return false;
        });
    }

    /** How often it has noted what, and its output. */
    private String told() {
        Map<String, Integer> counts = new TreeMap<>();
        try {
            journalLines()
                    .forEach(line ->
                            counts.merge(line.what().equals("event") ? line.key() : line.what(), 1, Integer::sum));
        } catch (IOException e) {
            return e + "\n" + output();
        }
        return "noted " + counts + "\n" + output();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    void terminate() throws Exception {
        signal("TERM");
    }

    void signal(String name) throws Exception {
        int exit = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
        if (exit != 0) {
            throw new AssertionError("kill -" + name + " exited with " + exit);
        }
    }

    long pid() {
        return process.pid();
    }

    int awaitExit() throws InterruptedException {
        return awaitExit(PATIENCE);
    }

    int awaitExit(Duration limit) throws InterruptedException {
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("it did not end within " + limit + ": " + output());
        }
        reader.join();
        return process.exitValue();
    }

    String output() {
        synchronized (lines) {
            return String.join("\n", lines);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
