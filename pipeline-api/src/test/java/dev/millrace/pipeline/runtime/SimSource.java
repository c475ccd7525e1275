package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.spi.Source;
import dev.millrace.pipeline.spi.SourceContext;
import dev.millrace.pipeline.spi.SourceReader;
import java.util.Objects;

/** Reads the partitions of the world. */
final class SimSource implements Source<SimValue> {

    private final SimWorld world;

    SimSource(SimWorld world) {
        this.world = world;
    }

    @Override
    public boolean isRepeatable() {
        return true;
    }

    @Override
    public SourceReader<SimValue> open(SourceContext context) {
        SimRun run = Objects.requireNonNull(world.run);
        if (world.isFault() && world.chance(0.2)) {
            throw SimFault.unavailable();
        }
        run.open++;
        return new SimReader(run, context);
    }
}
