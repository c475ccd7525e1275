package dev.millrace.pipeline.runtime;

/** A cycle that runs when its time has come, in the thread that steps. */
final class SteppedLoop implements Environment.Loop {

    static final long NEVER = Long.MAX_VALUE;

    private final PipelineStepper stepper;
    private final Environment.Cycle cycle;
    private long due = NEVER;
    private boolean isStarted;
    private boolean isRunning;
    private boolean hasEnded;
    /** Set by any thread. */
    private volatile boolean isWoken;

    SteppedLoop(PipelineStepper stepper, Environment.Cycle cycle) {
        this.stepper = stepper;
        this.cycle = cycle;
    }

    /** When it is to run next, as it stands. */
    long due() {
        boolean canRun = isStarted && !isRunning && !hasEnded;
        return !canRun ? NEVER : isWoken ? 0 : due;
    }

    void run() {
        isRunning = true;
        isWoken = false;
        long wait = Environment.Cycle.ENDED;
        try {
            wait = cycle.run();
        } finally {
            isRunning = false;
            hasEnded = wait == Environment.Cycle.ENDED;
            due = wait == Environment.Cycle.WHEN_WOKEN ? NEVER : PipelineStepper.later(stepper.nanos(), wait);
        }
    }

    @Override
    public void start() {
        isStarted = true;
        due = stepper.nanos();
    }

    @Override
    public void wake() {
        isWoken = true;
    }

    @Override
    public boolean isCurrent() {
        return stepper.isWithin(this);
    }

    @Override
    public boolean hasEnded() {
        return hasEnded;
    }

    @Override
    public boolean isOpenToCaller() {
        return hasEnded || stepper.isOpenToCaller();
    }
}
