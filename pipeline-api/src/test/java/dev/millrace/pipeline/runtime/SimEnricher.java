package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.function.ThrowingSupplier;
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
final class SimEnricher<T extends SimItem> implements Enricher<T, String> {

    private final SimWorld world;
    private final SimStage stage;

    SimEnricher(SimWorld world, SimStage stage) {
        this.world = world;
        this.stage = stage;
    }

    @Override
    public Lookup<T, String> open(StageContext context) {
        SimRun run = Objects.requireNonNull(world.run);
        run.open++;
        return stage.kind() == SimStage.Kind.LOCAL_ENRICH ? new Local(run) : new Remote(run, context);
    }

    private Optional<String> answerTo(T value) {
        return value.isUnknownTo(stage) ? Optional.empty() : Optional.of("answer");
    }

    private final class Local implements LocalLookup<T, String> {

        private final SimRun run;

        Local(SimRun run) {
            this.run = run;
        }

        @Override
        public Optional<String> get(T value) {
            return answerTo(value);
        }

        @Override
        public void close() {
            run.open--;
        }
    }

    private final class Remote implements Lookup<T, String> {

        private final SimRun run;
        private final StageContext context;
        private int threads;

        Remote(SimRun run, StageContext context) {
            this.run = run;
            this.context = context;
        }

        @Override
        public CompletionStage<Optional<String>> find(T value) throws Exception {
            if (value.isPoison(stage, world.plan.poisonRate)) {
                return fail(value);
            } else if (!world.isFault()) {
                return answer(() -> answerTo(value));
            }
            return switch (world.random.nextInt(4)) {
                case 0 -> throw SimFault.unavailable();
                case 1 ->
                    answer(() -> {
                        throw SimFault.unavailable();
                    });
                case 2 -> fail(value);
                default -> stage.isTimed() ? new CompletableFuture<>() : answer(() -> answerTo(value));
            };
        }

        private CompletionStage<Optional<String>> fail(T value) throws Exception {
            value.failedAt(stage);
            Throwable failure = SimFault.ofRecord(world.random);
            if (world.random.nextBoolean()) {
                SimFault.<Exception>sneaky(failure);
            }
            return answer(() -> {
                throw SimFault.<Exception>sneaky(failure);
            });
        }

        private CompletionStage<Optional<String>> answer(ThrowingSupplier<Optional<String>> call) {
            CompletableFuture<Optional<String>> answer = new CompletableFuture<>();
            switch (world.random.nextInt(3)) {
                case 0 -> complete(answer, call);
                case 1 -> {
                    return block(call);
                }
                default -> world.scheduler.after(world.latency(), () -> complete(answer, call));
            }
            return answer;
        }

        /** A call that has a thread has its place for as long, whether anybody waits for it or not. */
        private CompletionStage<Optional<String>> block(ThrowingSupplier<Optional<String>> call) {
            int places = stage.options().concurrency().orElse(EnrichStep.DEFAULT_CONCURRENCY);
            threads++;
            world.oracle.require(threads <= places, "I4", () -> threads + " threads in " + places + " places");
            return context.blocking(() -> {
                threads--;
                return call.get();
            });
        }

        private void complete(CompletableFuture<Optional<String>> answer, ThrowingSupplier<Optional<String>> call) {
            try {
                answer.complete(call.get());
            } catch (Throwable failure) {
                answer.completeExceptionally(failure);
            }
        }

        @Override
        public void close() {
            run.open--;
        }
    }
}
