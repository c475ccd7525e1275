package dev.millrace.pipeline.spi;

/**
 * A recipe for writing records. Immutable; it connects to nothing until {@link #open}, and the engine opens it once for
 * each start of a pipeline and place in it. What is promised here and by {@link SinkWriter}, {@code SinkContract} of
 * the test kit holds an implementation against.
 *
 * <p>A file that gets a line for each value:
 *
 * <pre>{@code
 * import static java.nio.charset.StandardCharsets.UTF_8;
 *
 * import dev.millrace.pipeline.record.PipelineRecord;
 * import dev.millrace.pipeline.spi.Sink;
 * import dev.millrace.pipeline.spi.SinkWriter;
 * import dev.millrace.pipeline.spi.StageContext;
 * import dev.millrace.pipeline.spi.UnavailableException;
 * import dev.millrace.pipeline.spi.WriteResult;
 * import java.io.IOException;
 * import java.io.RandomAccessFile;
 * import java.nio.file.Path;
 * import java.util.HashMap;
 * import java.util.List;
 * import java.util.Map;
 * import java.util.concurrent.CompletionStage;
 *
 * public record LinesSink(Path path) implements Sink<String> {
 *
 *     @Override
 *     public SinkWriter<String> open(StageContext context) throws IOException {
 *         RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
 *         file.setLength(endOfLastLine(file)); // a crash may have left a part of one
 *         return new SinkWriter<>() {
 *
 *             @Override
 *             public CompletionStage<WriteResult> write(List<PipelineRecord<String>> batch) {
 *                 return context.blocking(() -> append(file, batch));
 *             }
 *
 *             @Override
 *             public void close() throws IOException {
 *                 file.close();
 *             }
 *         };
 *     }
 *
 *     private static long endOfLastLine(RandomAccessFile file) throws IOException {
 *         for (long end = file.length(); end > 0; end--) {
 *             file.seek(end - 1);
 *             if (file.read() == '\n') {
 *                 return end;
 *             }
 *         }
 *         return 0;
 *     }
 *
 *     private static WriteResult append(RandomAccessFile file, List<PipelineRecord<String>> batch) throws IOException {
 *         Map<Integer, Throwable> refused = new HashMap<>();
 *         StringBuilder lines = new StringBuilder();
 *         for (int i = 0; i < batch.size(); i++) {
 *             String line = batch.get(i).value();
 *             if (line.indexOf('\n') < 0) {
 *                 lines.append(line).append('\n');
 *             } else {
 *                 refused.put(i, new IllegalArgumentException("value must be one line"));
 *             }
 *         }
 *         long end = file.length();
 *         try {
 *             file.seek(end);
 *             file.write(lines.toString().getBytes(UTF_8));
 *             file.getFD().sync();
 *         } catch (IOException full) {
 *             file.setLength(end);
 *             throw new UnavailableException("the file cannot be written", full);
 *         }
 *         return WriteResult.failed(refused);
 *     }
 * }
 * }</pre>
 *
 * <p><b>Threads.</b> A worker calls, and must not be kept waiting: what blocks goes to
 * {@link StageContext#blocking(dev.millrace.pipeline.function.ThrowingSupplier)}. One batch is under way at a time, in
 * order, unless the stage is given more {@code concurrency} or another order, or the writer is
 * {@linkplain SinkWriter#isPipelined() pipelined}. An answer says that the batch is durable: only then is it committed.
 *
 * <p><b>Failures.</b> {@link UnavailableException} blames no record: the batch is written again for as long as it
 * takes, after pauses as the stage's retry policy has them. {@link StageFailedException} ends the pipeline in FAILED.
 * The writer can name by {@link WriteResult#failed} which records have failed, the others being written; of a batch
 * that fails as a whole the engine finds the record to blame by halving it. A record that has failed is written again
 * as often as the retry policy says, and then followed by what the stage's failure policy is.
 *
 * <p><b>Restarts.</b> What was written but not committed when a process died is written again: above such lines stand
 * twice. A write that does not mind, such as an upsert by a key, makes that harmless. Simpler than all this are
 * {@code Sinks.forEach} and {@code Sinks.ofBatches}.
 *
 * @param <T> type of the values
 */
@FunctionalInterface
public interface Sink<T> {

    /**
     * Opens a writer. Called once per start of a pipeline and place in it, on the thread that starts it; may block.
     *
     * @throws Exception if that fails: the pipeline does not start
     */
    SinkWriter<T> open(StageContext context) throws Exception;

    /** What {@code Pipeline.describe()} says of this sink; no secrets. */
    default String describe() {
        return "sink";
    }
}
