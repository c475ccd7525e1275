package dev.millrace.benchmarks.workload;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * Watches a contender from a thread of its own, so that it does not cost the contender a call per record: whatever
 * counts what is done is asked every few milliseconds.
 */
public final class Stopwatch {

    private static final long LOOK_MILLIS = 2;
    private static final Duration PATIENCE = Duration.ofMinutes(15);
    private static final double NANOS = 1e9;
    private static final double MILLIS = 1e3;

    private Stopwatch() {}

    /**
     * Waits until so many records are done, and prints the figures.
     *
     * @throws IllegalStateException if that takes more than 15 minutes
     */
    public static void await(long records, LongSupplier done) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        long begun = 0;
        long atStart = 0;
        double start = 0;
        for (long now = done.getAsLong(); now < records; now = done.getAsLong()) {
            if (now > 0 && begun == 0) {
                begun = System.nanoTime();
                atStart = now;
                start = sinceStart();
            }
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException("only " + now + " of " + records + " records are done");
            }
            Thread.sleep(LOOK_MILLIS);
        }
        double run = (System.nanoTime() - begun) / NANOS;
        Figures figures = new Figures(
                records,
                start,
                run,
                atStart,
                system().getProcessCpuTime() / NANOS,
                CompilerThreads.cpuSeconds(),
                collectors()
                                .mapToLong(GarbageCollectorMXBean::getCollectionTime)
                                .sum()
                        / MILLIS,
                peakHeap() >> 20,
                peakResident() >> 10);
        System.out.println(figures.line());
    }

    private static double sinceStart() {
        return (System.currentTimeMillis()
                        - ManagementFactory.getRuntimeMXBean().getStartTime())
                / MILLIS;
    }

    private static OperatingSystemMXBean system() {
        return (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    }

    private static Stream<GarbageCollectorMXBean> collectors() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream();
    }

    private static long peakHeap() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .map(MemoryPoolMXBean::getPeakUsage)
                .mapToLong(usage -> usage.getUsed())
                .sum();
    }

    /** In kilobytes, of Linux. */
    private static long peakResident() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElse(0);
        } catch (IOException notLinux) {
            return 0;
        }
    }
}
