package dev.millrace.pipeline.runtime;

import java.lang.reflect.InvocationTargetException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Threads for what blocks: virtual ones where the JVM has them, otherwise a pool that grows as needed. */
final class BlockingThreads {

    private BlockingThreads() {}

    static ExecutorService executor(String name) {
        ExecutorService virtual = virtual();
        if (virtual != null) {
            return virtual;
        }
        AtomicInteger number = new AtomicInteger();
        return Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    /** By reflection, since the class files are those of Java 17. */
    private static @Nullable ExecutorService virtual() {
        try {
            return (ExecutorService)
                    Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        } catch (NoSuchMethodException
                | IllegalAccessException
                | InvocationTargetException
                | UnsupportedOperationException noVirtualThreads) {
            return null;
        }
    }
}
