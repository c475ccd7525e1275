package dev.millrace.faults;

import static java.time.Duration.ofMillis;

import dev.millrace.cassandra.Cassandra;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Stage;
import dev.millrace.pipeline.policy.Aggregation;
import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.Sink;
import dev.millrace.pipeline.spi.SinkWriter;
import dev.millrace.pipeline.spi.StageContext;
import dev.millrace.pipeline.spi.StateStore;
import dev.millrace.pipeline.spi.WriteResult;
import dev.millrace.state.StateDirectory;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** What counts events: kept in a directory of states, told to a table. */
final class CountedEvents {

    private static final int GROUPS = 7;
    private static final int TELL_MILLIS = 100;

    private CountedEvents() {}

    /** An event, by one of its names. */
    record Named(String name, Event event) {}

    /**
     * Each counts for its key, of which all events are in one partition, and for its group, which all partitions have.
     */
    static List<String> names(Event event) {
        return List.of(event.key(), "group-" + Integer.parseInt(event.key().substring(1)) % GROUPS);
    }

    static Pipeline pipeline(Stage<Event> events, Settings settings, Cassandra cassandra, Journal journal) {
        // A mutant, for a test to catch, is one that keeps none.
        StateStore states = settings.has("statesForgotten")
                ? StateStore.none()
                : StateDirectory.at(Path.of(settings.text("states")));
        return events.peek(record -> journal.note("read", List.of(EventRow.of(record.value(), Optional.empty()))))
                .flatMap(event -> names(event).stream()
                        .map(name -> new Named(name, event))
                        .toList())
                .keyBy(Named::name)
                .aggregate(
                        new Tally.OfEvents(),
                        Tally.Named::new,
                        Aggregation.keptIn(states).every(ofMillis(TELL_MILLIS)))
                .to(new Noted(cassandra.sink("faults." + settings.text("tallies"), Tally.Named.class), journal));
    }

    /** Notes each row that is acknowledged. */
    private record Noted(Sink<Tally.Named> sink, Journal journal) implements Sink<Tally.Named> {

        @Override
        public SinkWriter<Tally.Named> open(StageContext context) throws Exception {
            return new Writer(sink.open(context), journal);
        }

        private record Writer(SinkWriter<Tally.Named> writer, Journal journal) implements SinkWriter<Tally.Named> {

            @Override
            public CompletionStage<WriteResult> write(List<PipelineRecord<Tally.Named>> batch) throws Exception {
                List<EventRow> rows =
                        batch.stream().map(record -> row(record.value())).toList();
                return writer.write(batch).thenApply(result -> {
                    journal.note("ack", rows);
                    return result;
                });
            }

            private static EventRow row(Tally.Named told) {
                return new EventRow(told.name(), told.events(), "", 0, Optional.empty());
            }

            @Override
            public boolean isPipelined() {
                return writer.isPipelined();
            }

            @Override
            public void close() throws Exception {
                writer.close();
            }
        }
    }
}
