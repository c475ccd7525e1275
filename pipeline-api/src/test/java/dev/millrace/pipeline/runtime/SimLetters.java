package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.record.DeadLetter;
import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.Sink;
import dev.millrace.pipeline.spi.SinkWriter;
import dev.millrace.pipeline.spi.StageContext;
import dev.millrace.pipeline.spi.UnavailableException;
import java.util.List;
import java.util.Objects;

/** Keeps dead letters, and looks whether they are rightly so. */
final class SimLetters implements Sink<DeadLetter> {

    private final SimWorld world;

    SimLetters(SimWorld world) {
        this.world = world;
    }

    @Override
    public SinkWriter<DeadLetter> open(StageContext context) {
        return new Writer(Objects.requireNonNull(world.run), context);
    }

    private static final class Writer extends SimWriter<DeadLetter> {

        Writer(SimRun run, StageContext context) {
            super(run, context, true, false);
        }

        @Override
        void called(List<PipelineRecord<DeadLetter>> batch) {
            batch.forEach(record -> check(record.value()));
        }

        private void check(DeadLetter letter) {
            SimStage stage = world.oracle.stage(letter.stage());
            SimOracle oracle = world.oracle;
            oracle.require(
                    oracle.hasFailedAt(recordOf(letter), stage.place()),
                    "I1",
                    () -> letter + " though it has not failed");
            oracle.require(
                    !(letter.cause() instanceof UnavailableException),
                    "I1",
                    () -> letter + " though the system was to blame");
            int most = stage.options().retry().maxAttempts();
            boolean isTooEarly = letter.attempts() < most && !Failures.isPermanent(letter.cause());
            oracle.require(
                    letter.attempts() <= most && !isTooEarly,
                    "I1",
                    () -> letter + ", but there are to be " + most + " attempts");
        }

        @Override
        boolean isPoison(DeadLetter letter) {
            return false;
        }

        @Override
        void failed(DeadLetter letter) {}

        @Override
        void apply(PipelineRecord<DeadLetter> record) {
            world.oracle.note(() -> "  dead letter of " + record.value());
            recordOf(record.value()).isDeadLettered = true;
        }
    }

    static SimRecord recordOf(DeadLetter letter) {
        return ((SimValue) letter.original().value()).record;
    }
}
