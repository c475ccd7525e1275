package dev.millrace.cassandra.internal;

import com.datastax.oss.driver.api.core.ConsistencyLevel;
import com.datastax.oss.driver.api.core.context.DriverContext;
import com.datastax.oss.driver.api.core.retry.RetryDecision;
import com.datastax.oss.driver.api.core.retry.RetryPolicy;
import com.datastax.oss.driver.api.core.servererrors.CoordinatorException;
import com.datastax.oss.driver.api.core.servererrors.WriteType;
import com.datastax.oss.driver.api.core.session.Request;

/**
 * Leaves retries to the engine, which waits before each: the driver's own come at once, and so multiply the load on a
 * cluster that is overloaded already. A connection that breaks is tried once on another node, so that a node can be
 * restarted unnoticed.
 */
@SuppressWarnings("deprecation") // the driver's verdict methods call these, which are abstract still
public final class RetryNothingAtOnce implements RetryPolicy {

    /** As the driver calls it. */
    public RetryNothingAtOnce(DriverContext context, String profile) {}

    @Override
    public RetryDecision onRequestAborted(Request request, Throwable error, int retryCount) {
        return retryCount == 0 ? RetryDecision.RETRY_NEXT : RetryDecision.RETHROW;
    }

    @Override
    public RetryDecision onReadTimeout(
            Request request, ConsistencyLevel level, int required, int received, boolean dataPresent, int retryCount) {
        return RetryDecision.RETHROW;
    }

    @Override
    public RetryDecision onWriteTimeout(
            Request request, ConsistencyLevel level, WriteType type, int required, int received, int retryCount) {
        return RetryDecision.RETHROW;
    }

    @Override
    public RetryDecision onUnavailable(
            Request request, ConsistencyLevel level, int required, int alive, int retryCount) {
        return RetryDecision.RETHROW;
    }

    @Override
    public RetryDecision onErrorResponse(Request request, CoordinatorException error, int retryCount) {
        return RetryDecision.RETHROW;
    }

    @Override
    public void close() {}
}
