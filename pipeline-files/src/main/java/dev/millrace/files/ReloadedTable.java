package dev.millrace.files;

import dev.millrace.pipeline.spi.CacheStats;
import dev.millrace.pipeline.spi.LocalLookup;
import dev.millrace.pipeline.spi.StageContext;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/*
 * A table that is read anew now and then, by one thread at a time, and swapped as a whole: a lookup sees the former rows
 * or the new ones. Where the new ones do not load, the former stay. What has not changed is not read.
 */
final class ReloadedTable<K, V> implements LocalLookup<K, V> {

    private static final Logger LOG = System.getLogger("dev.millrace.files");

    private final Table<?, K, V> table;
    private final StageContext context;
    private final LongAdder lookups = new LongAdder();
    private volatile Map<K, Optional<V>> rows;
    private volatile boolean isClosed;
    private volatile @Nullable VirtualMachineError fatal;
    private volatile @Nullable CompletableFuture<Void> next;
    /** Of the file as it was when it was last read. */
    private @Nullable Object stamp;

    private @Nullable String problem;

    private ReloadedTable(Table<?, K, V> table, StageContext context) throws IOException {
        this.table = table;
        this.context = context;
        this.stamp = table.rows().input().stamp();
        this.rows = table.load(context);
    }

    static <K, V> ReloadedTable<K, V> open(Table<?, K, V> table, StageContext context) throws IOException {
        ReloadedTable<K, V> reloaded = new ReloadedTable<>(table, context);
        reloaded.schedule();
        return reloaded;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // what it throws, it has told
    private void schedule() {
        CompletableFuture<Void> due = new CompletableFuture<Void>()
                .completeOnTimeout(null, table.reloadEvery().toNanos(), TimeUnit.NANOSECONDS);
        next = due;
        due.thenRunAsync(this::reload, context.blocking());
        if (isClosed) {
            due.cancel(false);
        }
    }

    private void reload() {
        if (isClosed) {
            return;
        }
        try {
            Object now = table.rows().input().stamp();
            if (now == null || !now.equals(stamp)) {
                // Should it not load, the next time is to try.
                stamp = null;
                load();
                stamp = now;
            }
        } catch (VirtualMachineError e) {
            if (!(e instanceof StackOverflowError)) {
                // The pipeline learns of it by its next lookup.
                fatal = e;
                throw e;
            }
            keep(e);
        } catch (Throwable e) {
            keep(e);
        }
        schedule();
    }

    private void load() throws IOException {
        Map<K, Optional<V>> read = table.load(context);
        rows = read;
        if (problem != null) {
            log(Level.INFO, "could be read again, and has " + read.size() + " rows");
        }
        problem = null;
    }

    /** A reason is told once, though it lasts. */
    private void keep(Throwable e) {
        // What a key function or the user's own stream throws may hold payload or secrets.
        String reason = e instanceof IOException && table.isOfFiles()
                ? String.valueOf(e.getMessage())
                : e.getClass().getName();
        Level level = reason.equals(problem) ? Level.DEBUG : Level.WARNING;
        problem = reason;
        log(level, "could not be read anew, the " + rows.size() + " rows of before stay: " + reason);
    }

    private void log(Level level, String message) {
        LOG.log(level, "[" + context.pipeline() + "|" + context.stage() + "] " + table.place() + " " + message);
    }

    @Override
    public Optional<V> get(K key) {
        VirtualMachineError failure = fatal;
        if (failure != null) {
            throw failure;
        }
        lookups.increment();
        return rows.getOrDefault(key, Optional.empty());
    }

    @Override
    public Optional<CacheStats> cache() {
        return Optional.of(new CacheStats(lookups.sum(), 0, rows.size()));
    }

    /** Nothing waits for the next reload then, which may be hours away. A lookup that is late finds what it would. */
    @Override
    public void close() {
        isClosed = true;
        CompletableFuture<Void> due = next;
        if (due != null) {
            due.cancel(false);
        }
    }
}
