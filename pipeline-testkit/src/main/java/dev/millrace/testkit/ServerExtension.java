package dev.millrace.testkit;

import java.lang.System.Logger.Level;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.StoreScope;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.opentest4j.TestAbortedException;

/** What both extensions do; a server starts when a test first needs it. */
abstract sealed class ServerExtension<S extends TestServer>
        implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback, ParameterResolver
        permits KafkaServerExtension, CassandraServerExtension {
    private static final System.Logger LOGGER = System.getLogger(TestServer.class.getName());
    private static final Namespace NAMESPACE = Namespace.create(ServerExtension.class);

    private final Class<S> type;
    private final Supplier<S> starter;
    private final boolean shared;
    private @Nullable S server;

    ServerExtension(Class<S> type, Supplier<S> starter, boolean shared) {
        this.type = type;
        this.starter = starter;
        this.shared = shared;
    }

    /**
     * The running server.
     *
     * @throws IllegalStateException before the extension has been called for a test class or test
     */
    public final S server() {
        if (server == null) {
            throw new IllegalStateException(type.getSimpleName() + " is there from @BeforeAll of a static field's"
                    + " class, or @BeforeEach of another field's, on");
        }
        return server;
    }

    @Override
    public final void beforeAll(ExtensionContext context) {
        open(context);
    }

    @Override
    public final void beforeEach(ExtensionContext context) {
        open(context);
        S running = server();
        if (!running.isExternal()) {
            running.resume();
            if (!running.isRunning()) {
                running.restart();
            }
        }
    }

    @Override
    public final void afterEach(ExtensionContext context) {
        keepLogOfFailure(context);
    }

    @Override
    public final void afterAll(ExtensionContext context) {
        keepLogOfFailure(context);
    }

    @Override
    public final boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == type;
    }

    @Override
    public final Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        open(context);
        return server();
    }

    /**
     * The store closes what it holds at its end. That of a shared server lasts for the session: where a build hands
     * this JVM one class after the other, each is an execution with a root of its own.
     */
    private synchronized void open(ExtensionContext context) {
        if (shared) {
            server = shared(context.getStore(StoreScope.LAUNCHER_SESSION, NAMESPACE));
        } else if (server == null) {
            server = starter.get();
            context.getStore(NAMESPACE).put(this, (AutoCloseable) this::close);
        }
    }

    /** Not by a method of the store: what JUnit 5 has for it is deprecated in 6, and 5 lacks what 6 has. */
    private S shared(ExtensionContext.Store store) {
        synchronized (ServerExtension.class) {
            S running = store.get(type, type);
            if (running == null) {
                running = starter.get();
                store.put(type, running);
            }
            return running;
        }
    }

    private synchronized void close() {
        if (server != null) {
            server.close();
            server = null;
        }
    }

    private void keepLogOfFailure(ExtensionContext context) {
        context.getExecutionException()
                .filter(failure -> !(failure instanceof TestAbortedException))
                .ifPresent(failure -> keepLog(context.getDisplayName()));
    }

    private void keepLog(String test) {
        if (server != null && !server.isExternal()) {
            server.keepDirectory();
            LOGGER.log(Level.WARNING, "{0} failed; the log of {1} is kept: {2}", test, server, server.log());
        }
    }
}
