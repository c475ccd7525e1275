package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.Sink;
import dev.millrace.pipeline.spi.SinkWriter;
import dev.millrace.pipeline.spi.StageContext;
import java.util.List;
import java.util.Objects;

/** Writes lists into a table of the world, each as a whole. */
final class SimListSink implements Sink<List<SimValue>> {

    private final SimWorld world;
    private final SimTable table;

    SimListSink(SimWorld world, SimTable table) {
        this.world = world;
        this.table = table;
    }

    @Override
    public SinkWriter<List<SimValue>> open(StageContext context) {
        return new Writer(Objects.requireNonNull(world.run), context);
    }

    private final class Writer extends SimWriter<List<SimValue>> {

        Writer(SimRun run, StageContext context) {
            super(run, context, table.isVersioned, table.stage.isTimed());
        }

        @Override
        public boolean isPipelined() {
            return table.isPipelined;
        }

        @Override
        void called(List<PipelineRecord<List<SimValue>>> batch) {
            table.called(batch.stream()
                    .flatMap(record -> record.value().stream().map(record::withValue))
                    .toList());
        }

        @Override
        boolean isLate(List<SimValue> list) {
            return list.stream().anyMatch(SimValue::isLate);
        }

        @Override
        boolean isPoison(List<SimValue> list) {
            return !world.plan.isCalm
                    && list.stream()
                            .anyMatch(value -> table.stage.isPoison(value.record, value.index, world.plan.poisonRate));
        }

        @Override
        void failed(List<SimValue> list) {
            SimValue.outOf(list).forEach(value -> value.failedAt(table.stage));
        }

        @Override
        void refused(List<SimValue> list) {
            if (!table.stage.isTimed()) {
                list.forEach(table::refused);
            }
        }

        @Override
        void apply(PipelineRecord<List<SimValue>> record) {
            record.value().forEach(value -> table.apply(record.withValue(value)));
        }
    }
}
