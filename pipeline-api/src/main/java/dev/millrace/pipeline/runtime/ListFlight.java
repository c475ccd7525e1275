package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.record.PipelineRecord;
import java.util.LinkedHashSet;
import java.util.List;
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
        super(
                members.get(0).partition,
                PipelineRecord.ofList(values, members.stream().map(Flight::raw).toList()),
                members.get(0).since);
        this.members = members;
        this.size = values.size();
        partition.worker.hold(size);
    }

    @Override
    void ended() {
        partition.worker.hold(-size);
        members.forEach(Flight::release);
    }

    @Override
    void pass() {
        members.forEach(Flight::pass);
    }

    @Override
    void refuse() {
        members.forEach(Flight::refuse);
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
