package dev.millrace.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.SinkWriter;
import dev.millrace.pipeline.spi.StageContext;
import dev.millrace.pipeline.spi.WriteResult;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Writers that are closed while a write waits for its turn, or hangs. */
class ClosingTest {

    @TempDir
    Path directory;

    /** Runs nothing until it is told to. */
    private record Later(Queue<Runnable> tasks) implements StageContext {

        @Override
        public String pipeline() {
            return "test";
        }

        @Override
        public String stage() {
            return "files";
        }

        @Override
        public long nanoTime() {
            return System.nanoTime();
        }

        @Override
        public Executor blocking() {
            return tasks::add;
        }
    }

    /** Looking at a file that is there takes until the latch opens. */
    private record Hanging(CountDownLatch isReached, CountDownLatch goOn) implements LineFormat<String> {

        @Override
        public String kind() {
            return "text";
        }

        @Override
        public byte[] header() {
            return new byte[0];
        }

        @Override
        public byte[] line(String value) {
            return (value + "\n").getBytes(UTF_8);
        }

        @Override
        public int maxLength() {
            return 100;
        }

        @Override
        public long wholeEnd(FileInput file, FileChannel channel) {
            try {
                if (channel.size() > 0) {
                    isReached.countDown();
                    assertThat(goOn.await(1, TimeUnit.MINUTES)).isTrue();
                }
                return channel.size();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public boolean isWhole(byte[] tail) {
            return false;
        }
    }

    private final Later context = new Later(new ArrayDeque<>());

    private void runAll() {
        for (Runnable task = context.tasks().poll();
                task != null;
                task = context.tasks().poll()) {
            task.run();
        }
    }

    @Test
    void shouldReplaceNothingAnyMoreWhenItIsClosed() throws Exception {
        record Row(int number) {}
        Path file = directory.resolve("rows.csv");
        CompletionStage<WriteResult> result;
        try (SinkWriter<Collection<? extends Row>> writer =
                Csv.replacing(file, Row.class).open(context)) {
            result = writer.write(List.of(PipelineRecord.of(List.of(new Row(1)), "0", 0)));
        }

        runAll();

        assertThat(file).doesNotExist();
        assertThatThrownBy(() -> result.toCompletableFuture().get(1, TimeUnit.MINUTES))
                .hasMessageEndingWith(file + ": the pipeline has been closed");
    }

    @Test
    void shouldNotWaitForAWriteThatHangsWhenItIsClosed() throws Exception {
        Path file = directory.resolve("rows.txt");
        CountDownLatch isReached = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        LineFormat<String> format = new Hanging(isReached, goOn);
        SinkWriter<String> writer = AppendingWriter.open(file, format, context);
        // The next write opens the file anew, which hangs.
        Files.writeString(file, "of another\n");
        CompletionStage<WriteResult> result = writer.write(List.of(PipelineRecord.of("late", "0", 0)));
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            Future<?> writing = threads.submit(this::runAll);
            assertThat(isReached.await(1, TimeUnit.MINUTES)).isTrue();
            Callable<Boolean> closing = () -> {
                writer.close();
                return true;
            };
            assertThat(threads.submit(closing).get(1, TimeUnit.MINUTES)).isTrue();
            goOn.countDown();
            writing.get(1, TimeUnit.MINUTES);
        } finally {
            goOn.countDown();
            threads.shutdownNow();
        }

        assertThat(result.toCompletableFuture().get(1, TimeUnit.MINUTES).failures())
                .isEmpty();
        assertThat(file).hasContent("of another\nlate\n");
        // The lock has been given up, so it has closed the file after all.
        AppendingWriter.open(file, format, context).close();
    }
}
