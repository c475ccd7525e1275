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
 * counts what is done is asked fifty times a second, for to ask a library may cost more than to add up.
 */
public final class Stopwatch {

    private static final long LOOK_MILLIS = 20;
    private static final Duration PATIENCE = Duration.ofMinutes(15);
    private static final double NANOS = 1e9;
    private static final double MILLIS = 1e3;

    private Stopwatch() {}

    /** The line that is printed once the first record is done. */
    public static final String BEGUN = "BEGUN";

    /**
     * Waits until so many records are done, and prints the figures.
     *
     * @throws IllegalStateException if that takes more than 15 minutes
     */
    public static void await(long records, LongSupplier done) throws InterruptedException {
        await(records, done, () -> 0);
    }

    /** As {@link #await(long, LongSupplier)}, and how many records have come out of order in the end. */
    public static void await(long records, LongSupplier done, LongSupplier outOfOrder) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        long begun = 0;
        long atStart = 0;
        double start = 0;
        double startCpu = 0;
        for (long now = done.getAsLong(); now < records; now = done.getAsLong()) {
            if (now > 0 && begun == 0) {
                begun = System.nanoTime();
                atStart = now;
                start = sinceStart();
                startCpu = cpuSeconds() - CompilerThreads.cpuSeconds();
                System.out.println(BEGUN);
            }
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException("only " + now + " of " + records + " records are done");
            }
            Thread.sleep(LOOK_MILLIS);
        }
        if (begun == 0) {
            throw new IllegalStateException("all " + records + " records were done before the first look");
        }
        double run = (System.nanoTime() - begun) / NANOS;
        double cpu = cpuSeconds();
        double compilers = CompilerThreads.cpuSeconds();
        double collectors = collectors()
                        .mapToLong(GarbageCollectorMXBean::getCollectionTime)
                        .sum()
                / MILLIS;
        long peakHeap = peakHeap() >> 20;
        long peakResident = peakResident() >> 10;
        Figures figures = new Figures(
                records,
                start,
                run,
                atStart,
                cpu,
                compilers,
                collectors,
                startCpu,
                peakHeap,
                liveHeap() >> 20,
                peakResident,
                outOfOrder.getAsLong());
        System.out.println(figures.line());
    }

    /** Forgets how much heap was in use before, as by what has warmed the JVM up. */
    public static void forgetPeaks() {
        liveHeap();
        heapPools().forEach(MemoryPoolMXBean::resetPeakUsage);
    }

    private static double sinceStart() {
        return (System.currentTimeMillis()
                        - ManagementFactory.getRuntimeMXBean().getStartTime())
                / MILLIS;
    }

    private static double cpuSeconds() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime() / NANOS;
    }

    private static Stream<GarbageCollectorMXBean> collectors() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream();
    }

    private static long peakHeap() {
        return heapPools()
                .map(MemoryPoolMXBean::getPeakUsage)
                .mapToLong(usage -> usage.getUsed())
                .sum();
    }

    private static Stream<MemoryPoolMXBean> heapPools() {
        return ManagementFactory.getMemoryPoolMXBeans().stream().filter(pool -> pool.getType() == MemoryType.HEAP);
    }

    private static long liveHeap() {
        ManagementFactory.getMemoryMXBean().gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
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
