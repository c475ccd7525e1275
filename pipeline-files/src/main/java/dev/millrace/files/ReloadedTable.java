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
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/*
 * A table that is read anew now and then, by one thread at a time, and swapped as a whole: a lookup sees the former rows
 * or the new ones. Where the new ones do not load, the former stay.
 */
final class ReloadedTable<K, V> implements LocalLookup<K, V> {

    private static final Logger LOG = System.getLogger("dev.millrace.files");

    private final Table<?, K, V> table;
    private final StageContext context;
    private final Executor later;
    private final LongAdder lookups = new LongAdder();
    private volatile Map<K, Optional<V>> rows;
    private volatile boolean isClosed;
    private volatile @Nullable VirtualMachineError fatal;
    private @Nullable String problem;

    private ReloadedTable(Table<?, K, V> table, StageContext context) throws IOException {
        this.table = table;
        this.context = context;
        this.rows = table.load(context);
        this.later = CompletableFuture.delayedExecutor(
                table.reloadEvery().toNanos(), TimeUnit.NANOSECONDS, context.blocking());
    }

    static <K, V> ReloadedTable<K, V> open(Table<?, K, V> table, StageContext context) throws IOException {
        ReloadedTable<K, V> reloaded = new ReloadedTable<>(table, context);
        reloaded.later.execute(reloaded::reload);
        return reloaded;
    }

    private void reload() {
        if (isClosed) {
            return;
        }
        try {
            Map<K, Optional<V>> read = table.load(context);
            if (!isClosed) {
                rows = read;
            }
            if (problem != null) {
                log(Level.INFO, "could be read again, and has " + read.size() + " rows");
            }
            problem = null;
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
        later.execute(this::reload);
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

    /** The next reload, which may be hours away, then finds nothing to hold on to. */
    @Override
    public void close() {
        isClosed = true;
        rows = Map.of();
    }
}
