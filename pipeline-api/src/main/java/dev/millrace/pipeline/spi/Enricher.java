package dev.millrace.pipeline.spi;

/**
 * A recipe for looking answers up by key: a table in memory, a database, a remote call. Immutable; it connects to
 * nothing until {@link #open}, and the engine opens it once for each start of a pipeline and place in it. What is
 * promised here and by {@link Lookup}, {@code EnricherContract} of the test kit holds an implementation against.
 *
 * <p>A service that has a text for each key, or none:
 *
 * <pre>{@code
 * import dev.millrace.pipeline.spi.Enricher;
 * import dev.millrace.pipeline.spi.Lookup;
 * import dev.millrace.pipeline.spi.StageContext;
 * import dev.millrace.pipeline.spi.UnavailableException;
 * import java.io.IOException;
 * import java.net.URI;
 * import java.net.http.HttpClient;
 * import java.net.http.HttpRequest;
 * import java.net.http.HttpResponse;
 * import java.net.http.HttpResponse.BodyHandlers;
 * import java.time.Duration;
 * import java.util.Optional;
 *
 * public record TextLookup(URI service) implements Enricher<String, String> {
 *
 *     @Override
 *     public Lookup<String, String> open(StageContext context) {
 *         HttpClient client = HttpClient.newHttpClient();
 *         return key -> context.blocking(() -> ask(client, key));
 *     }
 *
 *     private Optional<String> ask(HttpClient client, String key) throws IOException, InterruptedException {
 *         HttpRequest request = HttpRequest.newBuilder(service.resolve(key))
 *                 .timeout(Duration.ofSeconds(5))
 *                 .build();
 *         HttpResponse<String> answer;
 *         try {
 *             answer = client.send(request, BodyHandlers.ofString());
 *         } catch (IOException away) {
 *             throw new UnavailableException("the service cannot be reached", away);
 *         }
 *         return switch (answer.statusCode()) {
 *             case 200 -> Optional.of(answer.body());
 *             case 404 -> Optional.empty();
 *             case 429, 503 -> throw new UnavailableException("the service is busy");
 *             default -> throw new IOException("the service answers " + answer.statusCode());
 *         };
 *     }
 * }
 * }</pre>
 *
 * <p><b>Threads.</b> Several workers ask at once, and must not be kept waiting. What blocks goes to
 * {@link StageContext#blocking(dev.millrace.pipeline.function.ThrowingSupplier)}, as above; a client that answers by a
 * {@code CompletionStage} needs no thread, and what is in memory is a {@link LocalLookup}. How many calls are under way
 * at once is for the stage's {@code concurrency} to say.
 *
 * <p><b>Failures.</b> That there is no answer is none: {@code enrich} goes on without, {@code enrichOrDrop} drops the
 * value. {@link UnavailableException} blames no record: it is asked again for as long as it takes, after pauses as the
 * stage's retry policy has them. {@link StageFailedException} ends the pipeline in FAILED. Anything else has failed for
 * this key: it is asked again as often as the policy says, and then followed by what the stage's failure policy is.
 *
 * <p><b>Restarts.</b> It keeps nothing between two starts. What comes again is asked for again. Simpler than this are
 * {@code Enrichers.of}, {@code blocking} and {@code async}; {@code Cached} of {@code pipeline-cache} remembers answers.
 *
 * @param <K> type of the keys
 * @param <V> type of the answers
 */
@FunctionalInterface
public interface Enricher<K, V> {

    /**
     * Opens a lookup. Called once per start of a pipeline, on the thread that starts it; may block, such as to load a
     * table.
     *
     * @throws Exception if that fails: the pipeline does not start
     */
    Lookup<K, V> open(StageContext context) throws Exception;

    /** What {@code Pipeline.describe()} says of this enricher; no secrets. */
    default String describe() {
        return "lookup";
    }
}
