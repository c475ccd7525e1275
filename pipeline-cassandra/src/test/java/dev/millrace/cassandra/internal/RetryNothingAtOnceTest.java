package dev.millrace.cassandra.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.DefaultConsistencyLevel;
import com.datastax.oss.driver.api.core.connection.ClosedConnectionException;
import com.datastax.oss.driver.api.core.context.DriverContext;
import com.datastax.oss.driver.api.core.metadata.Node;
import com.datastax.oss.driver.api.core.retry.RetryDecision;
import com.datastax.oss.driver.api.core.retry.RetryPolicy;
import com.datastax.oss.driver.api.core.retry.RetryVerdict;
import com.datastax.oss.driver.api.core.servererrors.DefaultWriteType;
import com.datastax.oss.driver.api.core.servererrors.OverloadedException;
import com.datastax.oss.driver.api.core.session.Request;
import org.junit.jupiter.api.Test;

class RetryNothingAtOnceTest {

    private static final DriverContext CONTEXT = null;
    private static final Request REQUEST = null;
    private static final Node NODE = null;

    private final RetryPolicy policy = new RetryNothingAtOnce(CONTEXT, "default");

    @Test
    void shouldLeaveRetriesToTheEngineWhenTheClusterIsBusy() {
        assertThat(policy.onErrorResponseVerdict(REQUEST, new OverloadedException(NODE), 0))
                .extracting(RetryVerdict::getRetryDecision)
                .isEqualTo(RetryDecision.RETHROW);
        assertThat(policy.onUnavailableVerdict(REQUEST, DefaultConsistencyLevel.QUORUM, 2, 1, 0))
                .extracting(RetryVerdict::getRetryDecision)
                .isEqualTo(RetryDecision.RETHROW);
        assertThat(policy.onReadTimeoutVerdict(REQUEST, DefaultConsistencyLevel.QUORUM, 2, 2, false, 0))
                .extracting(RetryVerdict::getRetryDecision)
                .isEqualTo(RetryDecision.RETHROW);
        assertThat(policy.onWriteTimeoutVerdict(
                        REQUEST, DefaultConsistencyLevel.QUORUM, DefaultWriteType.UNLOGGED_BATCH, 2, 1, 0))
                .extracting(RetryVerdict::getRetryDecision)
                .isEqualTo(RetryDecision.RETHROW);
    }

    @Test
    void shouldTryAnotherNodeOnceWhenAConnectionBreaks() {
        ClosedConnectionException closed = new ClosedConnectionException("closed");

        assertThat(policy.onRequestAbortedVerdict(REQUEST, closed, 0))
                .extracting(RetryVerdict::getRetryDecision)
                .isEqualTo(RetryDecision.RETRY_NEXT);
        assertThat(policy.onRequestAbortedVerdict(REQUEST, closed, 1))
                .extracting(RetryVerdict::getRetryDecision)
                .isEqualTo(RetryDecision.RETHROW);
    }
}
