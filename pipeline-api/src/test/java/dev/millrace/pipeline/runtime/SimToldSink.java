package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.Sink;
import dev.millrace.pipeline.spi.SinkWriter;
import dev.millrace.pipeline.spi.StageContext;
import java.util.List;
import java.util.Objects;

/** Writes what an aggregate tells into a table of the world. */
final class SimToldSink implements Sink<SimTold> {

    private final SimWorld world;
    private final SimToldTable table;

    SimToldSink(SimWorld world, SimToldTable table) {
        this.world = world;
        this.table = table;
    }

    @Override
    public SinkWriter<SimTold> open(StageContext context) {
        return new Writer(Objects.requireNonNull(world.run), context);
    }

    private final class Writer extends SimWriter<SimTold> {

        Writer(SimRun run, StageContext context) {
            super(run, context, table.isVersioned, table.stage.isTimed());
        }

        @Override
        public boolean isPipelined() {
            return table.isPipelined;
        }

        @Override
        void called(List<PipelineRecord<SimTold>> batch) {
            table.called(batch);
        }

        @Override
        boolean isPoison(SimTold told) {
            return told.isPoison(table.stage, world.plan.poisonRate);
        }

        @Override
        void failed(SimTold told) {
            told.failedAt(table.stage);
        }

        @Override
        void refused(SimTold told) {
            if (!table.stage.isTimed()) {
                table.refused(told);
            }
        }

        @Override
        void apply(PipelineRecord<SimTold> record) {
            table.apply(record);
        }
    }
}
