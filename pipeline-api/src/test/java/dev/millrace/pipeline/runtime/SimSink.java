package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.Sink;
import dev.millrace.pipeline.spi.SinkWriter;
import dev.millrace.pipeline.spi.StageContext;
import java.util.List;
import java.util.Objects;

/** Writes into a table of the world. */
final class SimSink implements Sink<SimValue> {

    private final SimWorld world;
    private final SimTable table;

    SimSink(SimWorld world, SimTable table) {
        this.world = world;
        this.table = table;
    }

    @Override
    public SinkWriter<SimValue> open(StageContext context) {
        if (world.isFault() && world.chance(0.1)) {
            throw SimFault.unavailable();
        }
        return new Writer(Objects.requireNonNull(world.run), context);
    }

    private final class Writer extends SimWriter<SimValue> {

        Writer(SimRun run, StageContext context) {
            super(run, context, table.isVersioned, table.stage.isTimed());
        }

        @Override
        public boolean isPipelined() {
            return table.isPipelined;
        }

        @Override
        void called(List<PipelineRecord<SimValue>> batch) {
            table.called(batch);
        }

        @Override
        boolean isPoison(SimValue value) {
            return !world.plan.isCalm && table.stage.isPoison(value.record, value.index, world.plan.poisonRate);
        }

        @Override
        void failed(SimValue value) {
            value.failedAt(table.stage);
        }

        @Override
        void refused(SimValue value) {
            // Where an answer is waited for only so long, it may have come too late.
            if (!table.stage.isTimed()) {
                table.refused(value);
            }
        }

        @Override
        boolean isLate(SimValue value) {
            return value.isLate();
        }

        @Override
        void apply(PipelineRecord<SimValue> record) {
            table.apply(record);
        }
    }
}
