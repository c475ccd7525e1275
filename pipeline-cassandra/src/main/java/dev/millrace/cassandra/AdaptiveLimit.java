package dev.millrace.cassandra;

import java.time.Duration;

/**
 * How many requests may be under way: all that are allowed while answers come soon, and fewer when the cluster takes
 * long over them or has no time, so that it is not asked for more than it can do before it gives up.
 *
 * <p>Additive increase, multiplicative decrease, as TCP has it (RFC 5681): it begins low and doubles with each round of
 * answers until they take half of the time that makes them late; from then on it rises by a step with each round, and
 * is halved when answers are late, once for all that were under way. Late is what takes long on average, over an eighth
 * of a round, so that one slow node of many does not speak for all. A cluster that is far away is not late, however
 * long it takes, for as long as most of that time is the way. Not thread-safe.
 */
final class AdaptiveLimit {

    /** Half of what servers give a write until they answer that it has timed out. */
    static final Duration LATE = Duration.ofSeconds(1);

    static final int FIRST = 8;

    /** So many rounds from nothing to all. */
    private static final int STEPS = 32;

    /** Of the shortest time that an answer takes, beyond which it is the load that makes it long. */
    private static final int LOADED = 2;

    private static final int AVERAGED = 8;

    private final int most;
    private double limit;
    private boolean isDoubling = true;
    private double shortest = Double.MAX_VALUE;
    private double average;
    private boolean isMeasured;
    private long lowered;

    /**
     * Makes one.
     *
     * @param most the most it may be
     * @param now in nanoseconds, on the clock of all that is told later
     */
    AdaptiveLimit(int most, long now) {
        this.most = most;
        this.limit = Math.min(FIRST, most);
        this.lowered = now;
    }

    int get() {
        return (int) limit;
    }

    /** Rows that were sent at a time have been written; full, if no more could have been sent. */
    void written(long sent, long now, boolean isFull) {
        double took = (double) (now - sent);
        shortest = Math.min(shortest, took);
        if (isOfBefore(sent)) {
            return;
        }
        average = isMeasured ? average + (took - average) / Math.max(1, limit / AVERAGED) : took;
        isMeasured = true;
        double excess = average > LOADED * shortest ? average / LATE.toNanos() : 0;
        // Answers tell of the past: by the time they are late, twice as many would have been sent.
        isDoubling &= excess <= 0.5;
        if (excess > 1) {
            late(now);
        } else if (isFull) {
            limit = Math.min(most, limit + (isDoubling ? 1 : Math.max(1.0, (double) most / STEPS) / limit));
        }
    }

    /**
     * The cluster could not be used for what was sent at a time. If it has said so at once, for want of a replica, say,
     * fewer requests would not help, unless it has said that there are too many.
     */
    void unavailable(long sent, long now, boolean isOverload) {
        if (!isOfBefore(sent) && (isOverload || now - sent > LATE.toNanos())) {
            lower(now);
        }
    }

    /** What was sent before the limit fell says nothing about the new one. */
    private boolean isOfBefore(long sent) {
        return sent - lowered < 0;
    }

    private void late(long now) {
        if (get() == 1) {
            // With nothing else under way it is not our load, whatever was possible before.
            shortest = average;
        }
        lower(now);
    }

    private void lower(long now) {
        limit = Math.max(1, limit / 2);
        isDoubling = false;
        isMeasured = false;
        lowered = now;
    }
}
