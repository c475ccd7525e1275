package dev.millrace.examples;

import dev.millrace.console.PipelineConsole;
import dev.millrace.console.RunningConsole;
import dev.millrace.pipeline.runtime.PipelineRunner;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whether a page shows what runs. */
public final class ConsoleOption {

    @Option(
            names = "--console",
            arity = "0..1",
            fallbackValue = "0",
            paramLabel = "PORT",
            description = "Show in a browser what runs, on a page at that port of this machine, or at one that is free."
                    + " It has buttons, and shows the records that failed.")
    private @Nullable Integer port;

    /** Starts the console if asked to, and prints where it is. */
    public Console start() {
        if (port == null) {
            return new Console(null);
        }
        RunningConsole running = PipelineConsole.create()
                .port(port)
                .allowControl()
                .showPayloads()
                .start();
        System.out.println("Showing what runs on " + running.address());
        return new Console(running);
    }

    /**
     * A console, or none.
     *
     * @param running the one that runs
     */
    public record Console(@Nullable RunningConsole running) implements AutoCloseable {

        /** Starts pipelines that it shows. */
        public PipelineRunner runner() {
            PipelineRunner runner = PipelineRunner.create();
            return running == null ? runner : runner.listener(running);
        }

        @Override
        public void close() {
            if (running != null) {
                running.close();
            }
        }
    }
}
