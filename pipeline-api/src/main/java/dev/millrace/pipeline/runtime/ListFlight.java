package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.record.PipelineRecord;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The flight of a list that was gathered from several others, of which it holds a token each until it ends: so a record
 * is done only when every list is that something of it went into.
 */
final class ListFlight extends Flight {

    private final List<Flight> members;
    private final int size;

    /**
     * Begins one, with a token of each member, and counts its values among those that the worker holds.
     *
     * @param members one or more, in the order of their values, of one partition
     */
    ListFlight(List<Flight> members, List<Object> values) {
        super(members.get(0).partition, record(members, values), members.get(0).since);
        this.members = members;
        this.size = values.size();
        partition.worker.hold(size);
    }

    /** What stages see that look at whole records. */
    private static PipelineRecord<?> record(List<Flight> members, List<Object> values) {
        long bytes = 0;
        Instant newest = null;
        for (Flight member : members) {
            bytes += member.sizeInBytes;
            Optional<Instant> timestamp = member.raw().timestamp();
            if (timestamp.isPresent() && (newest == null || timestamp.get().isAfter(newest))) {
                newest = timestamp.get();
            }
        }
        PipelineRecord<?> record =
                PipelineRecord.of(values, members.get(0).position()).withSize((int) Math.min(bytes, Integer.MAX_VALUE));
        return newest == null ? record : record.withTimestamp(newest.toEpochMilli());
    }

    @Override
    void ended() {
        partition.worker.hold(-size);
        members.forEach(Flight::release);
    }

    @Override
    List<Flight> records() {
        Set<Flight> records = new LinkedHashSet<>();
        members.forEach(member -> records.addAll(member.records()));
        return List.copyOf(records);
    }

    @Override
    void attempted(int times) {
        members.forEach(member -> member.attempted(times));
    }

    @Override
    int attempts() {
        return members.get(0).attempts();
    }

    @Override
    void heldBy(Step step) {
        members.forEach(member -> member.heldBy(step));
    }

    @Override
    void letGoBy(Step step) {
        members.forEach(member -> member.letGoBy(step));
    }
}
