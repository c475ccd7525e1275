package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.spi.Enricher;
import dev.millrace.pipeline.spi.LocalLookup;
import dev.millrace.pipeline.spi.Lookup;
import dev.millrace.pipeline.spi.StageContext;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Answers at once or later, fails or falls silent. The question is the value itself, so that failures are known by it.
 */
final class SimEnricher implements Enricher<SimValue, String> {

    private final SimWorld world;
    private final SimStage stage;

    SimEnricher(SimWorld world, SimStage stage) {
        this.world = world;
        this.stage = stage;
    }

    @Override
    public Lookup<SimValue, String> open(StageContext context) {
        SimRun run = Objects.requireNonNull(world.run);
        run.open++;
        return stage.kind() == SimStage.Kind.LOCAL_ENRICH ? new Local(run) : new Remote(run, context);
    }

    private Optional<String> answerTo(SimValue value) {
        return stage.isMissing(value.record, value.index) ? Optional.empty() : Optional.of("answer");
    }

    private final class Local implements LocalLookup<SimValue, String> {

        private final SimRun run;

        Local(SimRun run) {
            this.run = run;
        }

        @Override
        public Optional<String> get(SimValue value) {
            return answerTo(value);
        }

        @Override
        public void close() {
            run.open--;
        }
    }

    private final class Remote implements Lookup<SimValue, String> {

        private final SimRun run;
        private final StageContext context;

        Remote(SimRun run, StageContext context) {
            this.run = run;
            this.context = context;
        }

        @Override
        public CompletionStage<Optional<String>> find(SimValue value) throws Exception {
            CompletableFuture<Optional<String>> answer = new CompletableFuture<>();
            if (stage.isPoison(value.record, value.index, world.plan.poisonRate)) {
                fail(value, answer);
            } else if (!world.isFault()) {
                complete(() -> answer.complete(answerTo(value)));
            } else {
                switch (world.random.nextInt(4)) {
                    case 0 -> throw SimFault.unavailable();
                    case 1 -> complete(() -> answer.completeExceptionally(SimFault.unavailable()));
                    case 2 -> fail(value, answer);
                    default -> {
                        if (!stage.isTimed()) {
                            complete(() -> answer.complete(answerTo(value)));
                        }
                    }
                }
            }
            return answer;
        }

        private void fail(SimValue value, CompletableFuture<Optional<String>> answer) throws Exception {
            value.failedAt(stage);
            Throwable failure = SimFault.ofRecord(world.random);
            if (world.random.nextBoolean()) {
                SimFault.<Exception>sneaky(failure);
            }
            complete(() -> answer.completeExceptionally(failure));
        }

        private void complete(Runnable completion) {
            switch (world.random.nextInt(3)) {
                case 0 -> completion.run();
                case 1 -> context.blocking().execute(completion);
                default -> world.scheduler.after(world.latency(), completion);
            }
        }

        @Override
        public void close() {
            run.open--;
        }
    }
}
