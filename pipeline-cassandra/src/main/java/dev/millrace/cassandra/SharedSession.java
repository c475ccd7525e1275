package dev.millrace.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One session for all that is open at a time: the first to come opens it, the last to leave closes it. */
final class SharedSession {

    private final Supplier<CqlSession> opening;
    private final Consumer<CqlSession> closing;
    private @Nullable CqlSession open;
    private int users;

    private SharedSession(Supplier<CqlSession> opening, Consumer<CqlSession> closing) {
        this.opening = opening;
        this.closing = closing;
    }

    static SharedSession opening(Supplier<CqlSession> opening) {
        return new SharedSession(opening, OwnSession::close);
    }

    /** A session that is somebody else's to close. */
    static SharedSession of(CqlSession session) {
        return new SharedSession(() -> session, ignored -> {});
    }

    synchronized Lease lease() {
        CqlSession session = users == 0 ? opening.get() : Objects.requireNonNull(open);
        open = session;
        users++;
        return new Lease(session, this::giveBack);
    }

    private synchronized void giveBack() {
        users--;
        if (users == 0) {
            closing.accept(Objects.requireNonNull(open));
            open = null;
        }
    }

    /** The use of a session until it is closed, which may happen twice. */
    static final class Lease implements AutoCloseable {

        private final CqlSession session;
        private final Runnable giveBack;
        private final AtomicBoolean closed = new AtomicBoolean();

        Lease(CqlSession session, Runnable giveBack) {
            this.session = session;
            this.giveBack = giveBack;
        }

        CqlSession session() {
            return session;
        }

        @Override
        public void close() {
            if (closed.compareAndSet(false, true)) {
                giveBack.run();
            }
        }
    }
}
