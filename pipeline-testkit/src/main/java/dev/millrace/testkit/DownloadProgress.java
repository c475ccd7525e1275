package dev.millrace.testkit;

import java.util.function.Consumer;
import org.eclipse.aether.transfer.AbstractTransferListener;
import org.eclipse.aether.transfer.TransferEvent;

/** Tells how a first download gets on, in a few lines and not one for each file. */
final class DownloadProgress extends AbstractTransferListener {
    private static final int JARS_PER_LINE = 20;
    private static final int MEGABYTE = 1_000_000;

    private final String title;
    private final Consumer<String> progress;
    private boolean started;
    private int jars;
    private long bytes;

    DownloadProgress(String title, Consumer<String> progress) {
        this.title = title;
        this.progress = progress;
    }

    @Override
    public synchronized void transferInitiated(TransferEvent event) {
        if (!started) {
            started = true;
            progress.accept("Downloading " + title + " into the local Maven repository, once");
        }
    }

    @Override
    public synchronized void transferSucceeded(TransferEvent event) {
        if (event.getResource().getResourceName().endsWith(".jar")) {
            jars++;
            bytes += event.getTransferredBytes();
            if (jars % JARS_PER_LINE == 0) {
                report();
            }
        }
    }

    synchronized void finish() {
        if (jars % JARS_PER_LINE != 0) {
            report();
        }
    }

    private void report() {
        progress.accept("Downloaded " + jars + " jars of " + title + ", " + (bytes + MEGABYTE / 2) / MEGABYTE + " MB");
    }
}
