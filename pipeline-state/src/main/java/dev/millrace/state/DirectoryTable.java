package dev.millrace.state;

import dev.millrace.pipeline.spi.KeptState;
import dev.millrace.pipeline.spi.StageContext;
import dev.millrace.pipeline.spi.StateTable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** The states of one stage, in a file. */
final class DirectoryTable implements StateTable {

    private final StageContext context;
    private final StateFile file;

    DirectoryTable(StageContext context, StateFile file) {
        this.context = context;
        this.file = file;
    }

    @Override
    public CompletionStage<List<KeptState>> load(String partition) {
        return context.blocking(() -> file.load(partition));
    }

    @Override
    public CompletionStage<Void> save(Map<String, List<KeptState>> changed) {
        return context.blocking(() -> {
                    file.save(changed);
                    return true;
                })
                .thenAccept(isSaved -> {});
    }

    @Override
    public void close() {
        file.close();
    }
}
