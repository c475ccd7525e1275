package dev.millrace.state;

import dev.millrace.pipeline.function.ThrowingSupplier;
import dev.millrace.pipeline.spi.KeptState;
import dev.millrace.pipeline.spi.StageContext;
import dev.millrace.pipeline.spi.StateTable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The states of one stage, in a file: one call after the other, so that they never take more than one thread. */
final class DirectoryTable implements StateTable {

    private final StageContext context;
    private final StateFile file;
    private CompletionStage<?> last = CompletableFuture.completedStage(null);

    DirectoryTable(StageContext context, StateFile file) {
        this.context = context;
        this.file = file;
    }

    @Override
    public CompletionStage<List<KeptState>> load(String partition) {
        return afterTheLast(() -> file.load(partition));
    }

    @Override
    public CompletionStage<Void> save(Map<String, List<KeptState>> changed) {
        return afterTheLast(() -> {
                    file.save(changed);
                    return true;
                })
                .thenAccept(isSaved -> {});
    }

    private <T> CompletionStage<T> afterTheLast(ThrowingSupplier<T> call) {
        CompletionStage<T> answer =
                last.handle((nothing, failure) -> true).thenCompose(isOver -> context.blocking(call));
        last = answer;
        return answer;
    }

    @Override
    public void close() {
        file.close();
    }
}
