package dev.millrace.console;

import java.io.UncheckedIOException;

/**
 * A page that shows what pipelines of this JVM do: their stages with rates, what is held and how long calls take,
 * throughput and lag as plots, the record that holds each partition back, and the last failures.
 *
 * <pre>{@code
 * RunningConsole console = PipelineConsole.create().port(7070).start();
 * PipelineRunner.create().listener(console).start(pipeline);
 * }</pre>
 *
 * <p>It is served to this machine only, by the JDK's HTTP server, and needs nothing of any other. Everybody who may
 * connect to loopback may look at it.
 *
 * <p>Immutable and thread-safe; each method but {@link #start} returns a changed copy.
 */
public final class PipelineConsole {

    private final ConsoleOptions options;

    private PipelineConsole(ConsoleOptions options) {
        this.options = options;
    }

    /** A console with every default: on a free port, without payloads and without buttons. */
    public static PipelineConsole create() {
        return new PipelineConsole(new ConsoleOptions(0, false, false));
    }

    /** The port to listen on; 0, the default, for any that is free, which {@link RunningConsole#address} tells. */
    public PipelineConsole port(int port) {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port must be from 0 to 65535, got " + port);
        }
        return new PipelineConsole(new ConsoleOptions(port, options.showsPayloads(), options.allowsControl()));
    }

    /**
     * Shows, of records that failed, the text of the cause, and of dead letters key and value as well, as text and of
     * long ones the beginning. By default it shows only positions and the classes of causes, and keeps nothing else.
     */
    public PipelineConsole showPayloads() {
        return new PipelineConsole(new ConsoleOptions(options.port(), true, options.allowsControl()));
    }

    /**
     * Has buttons that pause, resume and drain a pipeline, for everybody who may look at the page. By default it
     * changes nothing.
     */
    public PipelineConsole allowControl() {
        return new PipelineConsole(new ConsoleOptions(options.port(), options.showsPayloads(), true));
    }

    /**
     * Starts to listen, and returns. Its threads are daemons: they do not keep the JVM from ending.
     *
     * @throws UncheckedIOException if it cannot listen, such as on a port that is in use
     */
    public RunningConsole start() {
        return start(new ThreadedBeat());
    }

    RunningConsole start(Beat beat) {
        return new RunningConsole(options, beat);
    }

    @Override
    public String toString() {
        return "PipelineConsole[port " + options.port() + ", payloads " + options.showsPayloads() + ", control "
                + options.allowsControl() + "]";
    }
}
