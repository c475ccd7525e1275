package dev.millrace.state;

import dev.millrace.pipeline.spi.StateStore;
import dev.millrace.testkit.contract.StateStoreContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class StateDirectoryContractTest extends StateStoreContract {

    @TempDir
    Path directory;

    @Override
    protected StateStore store() {
        return StateDirectory.at(directory.resolve("states"));
    }
}
