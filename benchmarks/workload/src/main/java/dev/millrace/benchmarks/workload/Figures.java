package dev.millrace.benchmarks.workload;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;

/**
 * What a contender's JVM has measured of itself.
 *
 * @param records how many it has done
 * @param startSeconds from the start of the JVM to the first record done
 * @param runSeconds from the first record done to the last
 * @param recordsAtStart how many were done when the first were seen
 * @param cpuSeconds processor time of the process until then, starting included
 * @param compilerSeconds processor time that the compilers have taken, 0 where the system does not say
 * @param collectorSeconds time that garbage collection has stopped it
 * @param startCpuSeconds processor time until the first record done, but for the compilers'
 * @param peakHeapMegabytes the most heap in use at once, garbage included
 * @param liveHeapMegabytes heap in use at the end, after a collection
 * @param peakResidentMegabytes the most memory resident, 0 where the system does not say
 * @param outOfOrder records that overtook another one of their key, 0 where that is not watched
 */
public record Figures(
        long records,
        double startSeconds,
        double runSeconds,
        long recordsAtStart,
        double cpuSeconds,
        double compilerSeconds,
        double collectorSeconds,
        double startCpuSeconds,
        long peakHeapMegabytes,
        long liveHeapMegabytes,
        long peakResidentMegabytes,
        long outOfOrder) {

    private static final String MARK = "FIGURES ";
    private static final JsonMapper MAPPER = new JsonMapper();

    /** Records a second, the start left out. */
    public double rate() {
        return (records - recordsAtStart) / runSeconds;
    }

    /** Records a second of processor time, the start and the compilers' included. */
    public double ratePerCpuSecond() {
        return records / cpuSeconds;
    }

    /** Time from one record to the next, the start left out. */
    public double nanosPerRecord() {
        return 1e9 / rate();
    }

    /** Processor time of a record, start and compilers left out. */
    public double cpuNanosPerRecord() {
        return 1e9 * (cpuSeconds - compilerSeconds - startCpuSeconds) / (records - recordsAtStart);
    }

    /** The line by which the JVM tells of them. */
    String line() {
        try {
            return MARK + MAPPER.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether this is that line. */
    public static boolean areIn(String line) {
        return line.startsWith(MARK);
    }

    /** Reads them from that line. */
    public static Figures of(String line) throws JsonProcessingException {
        return MAPPER.readValue(line.substring(MARK.length()), Figures.class);
    }
}
