package dev.millrace.http;

import dev.millrace.pipeline.function.ThrowingFunction;
import dev.millrace.pipeline.spi.Lookup;
import dev.millrace.pipeline.spi.RefusedRecordException;
import dev.millrace.pipeline.spi.StageContext;
import dev.millrace.pipeline.spi.StageFailedException;
import dev.millrace.pipeline.spi.UnavailableException;
import java.lang.reflect.InvocationTargetException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;

/** Asks, and says in the engine's terms what the answers mean. */
final class UriLookup<K, V> implements Lookup<K, V> {

    private final Questions<K> questions;
    private final ThrowingFunction<? super byte[], ? extends V> decoder;
    private final HttpOptions options;
    private final StageContext context;
    private final Pauses pauses;
    private final HttpClient client;

    UriLookup(
            Questions<K> questions,
            ThrowingFunction<? super byte[], ? extends V> decoder,
            HttpOptions options,
            StageContext context) {
        this.questions = questions;
        this.decoder = decoder;
        this.options = options;
        this.context = context;
        this.pauses = new Pauses(context::nanoTime);
        HttpClient given = options.client();
        // By HTTP/2 the client fails what is more than the service takes at once; so it opens connections instead.
        this.client = given == null
                ? HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()
                : given;
    }

    @Override
    public CompletionStage<Optional<V>> find(K key) {
        Question question = questions.of(key);
        Duration pause = pauses.left(question.uri());
        if (!pause.isZero()) {
            throw new UnavailableException(
                    question + " asks not to be asked for another " + pause.toMillis() + " ms", null, pause);
        }
        // A decoder may block: the call has its place until that has ended, and the client's threads are not for it.
        return context.blocking(() -> Exchange.begin(client, options, question))
                .thenCompose(exchange -> exchange)
                .handleAsync(
                        (answer, failure) -> {
                            if (failure == null) {
                                return read(question, answer.question(), answer.response());
                            }
                            throw translated(question, failure);
                        },
                        context.blocking());
    }

    /** A pause is for the service that was asked, wherever that has sent on to. */
    private Optional<V> read(Question asked, Question question, HttpResponse<Optional<byte[]>> response) {
        int status = response.statusCode();
        if (options.isValue(status)) {
            return Optional.of(decode(
                    question,
                    response.body()
                            .orElseThrow(() -> new RefusedRecordException(
                                    question + " answers with more than maxBodyBytes " + options.maxBodyBytes()))));
        }
        String told = question + " answers " + status;
        return switch (options.meaningOf(status)) {
            case NO_ANSWER -> Optional.empty();
            case RECORD_REFUSED -> throw new RefusedRecordException(told);
            case STAGE_FAILED -> {
                if (question.isOfOriginOf(asked) || options.isChosen(status)) {
                    throw new StageFailedException(told);
                }
                // What the pipeline has to show was not shown to this one, which only this record has led to.
                throw new RefusedRecordException(
                        told + ", redirected from " + Question.origin(asked.uri()) + " and so without its headers");
            }
            case UNAVAILABLE -> {
                Optional<Duration> pause = RetryAfter.of(response.headers());
                pause.ifPresent(time -> pauses.begin(asked.uri(), time));
                throw pause.map(time -> new UnavailableException(
                                told + " and asks not to be asked for " + seconds(time) + " s", null, time))
                        .orElseGet(() -> new UnavailableException(told));
            }
        };
    }

    /** Rounded up: a service that wants to be left alone is not told of with no time at all. */
    private static long seconds(Duration time) {
        return time.plusSeconds(1).minusNanos(1).toSeconds();
    }

    private V decode(Question question, byte[] body) {
        try {
            return Objects.requireNonNull(decoder.apply(body), "the decoder's answer");
        } catch (UnavailableException | RefusedRecordException | StageFailedException told) {
            throw told;
        } catch (Exception failure) {
            Interrupts.keep(failure);
            throw new UndecodableAnswerException(question + " answers what cannot be decoded: " + nameOf(failure));
        }
    }

    private RuntimeException translated(Question question, Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof TimeoutException) {
            return new UnavailableException(question + " gives no answer within " + options.timeout());
        }
        if (cause instanceof RefusedRecordException
                || cause instanceof UnavailableException
                || cause instanceof StageFailedException) {
            return (RuntimeException) cause;
        }
        if (cause instanceof Error error) {
            throw error;
        }
        if (cause instanceof IllegalArgumentException) {
            return new RefusedRecordException(question + " cannot be asked: " + nameOf(cause));
        }
        // Whatever else befalls a request befalls its connection. The client's messages may quote what it has received.
        return new UnavailableException(question + " cannot be asked: " + nameOf(cause));
    }

    /** The classes of a failure and of what caused it: the text of neither can be told. */
    private static String nameOf(Throwable failure) {
        StringBuilder names = new StringBuilder(failure.getClass().getName());
        Throwable cause = failure.getCause();
        for (int depth = 0; cause != null && depth < 3; depth++) {
            names.append(", caused by ").append(cause.getClass().getSimpleName());
            cause = cause.getCause();
        }
        return names.toString();
    }

    @Override
    public void close() {
        if (options.client() == null) {
            shutDown(client);
        }
    }

    /** Since Java 21 a client can be told; before, its threads end once it is garbage. */
    private static void shutDown(HttpClient client) {
        try {
            HttpClient.class.getMethod("shutdownNow").invoke(client);
        } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException leftToTheCollector) {
            return;
        }
    }
}
