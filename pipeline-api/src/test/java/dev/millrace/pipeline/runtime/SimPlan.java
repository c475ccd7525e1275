package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.policy.RetryPolicy;
import java.time.Duration;
import java.util.SplittableRandom;

/** What a seed decides before anything runs, beside the stages. */
final class SimPlan {

    private static final int LAST_FAULTY_RUN = 3;

    final long seed;

    /** Nothing goes wrong but records themselves, so that nothing may be written twice. */
    final boolean isCalm;

    /** Whether other instances take partitions over. */
    final boolean isGrouped;

    final boolean isPausable;
    final boolean isDecoded;
    final RunnerOptions runner = new RunnerOptions();

    /** Chance of a fault at each call of a connector. */
    final double faultRate;

    /** Part of the records that fail at a stage whenever they come there. */
    final double poisonRate;

    final double rebalanceRate;
    final long latencyNanos;

    SimPlan(long seed, SplittableRandom random) {
        this.seed = seed;
        isCalm = random.nextInt(4) == 0;
        isGrouped = random.nextInt(3) > 0;
        isPausable = isGrouped || random.nextBoolean();
        isDecoded = random.nextInt(4) == 0;
        faultRate = isCalm ? 0 : pick(random, 0.02, 0.1, 0.3);
        poisonRate = pick(random, 0, 0, 0.02, 0.15);
        rebalanceRate = isGrouped ? pick(random, 0.01, 0.1, 0.3) : 0;
        latencyNanos =
                Duration.ofMillis((long) (isCalm ? 1 : pick(random, 1, 5, 30))).toNanos();
        runner.workers = 1 + random.nextInt(4);
        runner.maxInFlight = (int) pick(random, 1, 2, 5, 20, 100);
        runner.maxGap = random.nextInt(3) == 0 ? 1 + random.nextInt(10) : runner.maxGap;
        runner.commitInterval = Duration.ofMillis((long) pick(random, 5, 50, 1_000));
        runner.revokeTimeout = Duration.ofMillis(isCalm ? 10_000 : (long) pick(random, 1, 50, 10_000));
        runner.restart = restart(random);
        runner.drainTimeout = Duration.ofMillis(isCalm ? 30_000 : (long) pick(random, 20, 500, 30_000));
    }

    private static RetryPolicy restart(SplittableRandom random) {
        int lives = (int) pick(random, 1, 3, Integer.MAX_VALUE);
        return RetryPolicy.exponential(Duration.ofMillis(1), Duration.ofMillis(50))
                .maxAttempts(lives);
    }

    /** Whether this run may still meet faults; the later ones must come to an end. */
    boolean isFaulty(int run) {
        return !isCalm && run <= LAST_FAULTY_RUN;
    }

    boolean isDisturbed(int run) {
        return run <= LAST_FAULTY_RUN;
    }

    static double pick(SplittableRandom random, double... choices) {
        return choices[random.nextInt(choices.length)];
    }
}
