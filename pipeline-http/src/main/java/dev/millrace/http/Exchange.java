package dev.millrace.http;

import dev.millrace.pipeline.spi.RefusedRecordException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One question from its first request to the last byte of its answer, redirects included, within one time limit. The
 * client's own limit is of no use: it ends where the body begins.
 */
final class Exchange {

    private static final int MOST_REDIRECTS = 5;

    /** Of what comes with an error or a redirect, as much is read as is worth it to keep the connection. */
    private static final int UNWANTED_BYTES = 1 << 16;

    private final HttpClient client;
    private final HttpOptions options;
    private final String firstOrigin;
    private final List<String> headers;
    private final CompletableFuture<Answer> answer = new CompletableFuture<>();
    private volatile @Nullable CompletableFuture<?> underWay;

    /** A response, and the question that it is of: another than the first where that was redirected. */
    record Answer(Question question, HttpResponse<Optional<byte[]>> response) {}

    private Exchange(HttpClient client, HttpOptions options, Question first) {
        this.client = client;
        this.options = options;
        this.firstOrigin = Question.origin(first.uri());
        this.headers = headers(options);
    }

    /** Names and values in turn, made once a question: it has one identity, wherever it is sent on to. */
    private static List<String> headers(HttpOptions options) {
        List<String> headers = new ArrayList<>();
        for (HttpOptions.Header header : options.headers()) {
            headers.add(header.name());
            headers.add(header.get());
        }
        return headers;
    }

    static CompletableFuture<Answer> begin(HttpClient client, HttpOptions options, Question question) {
        Exchange exchange = new Exchange(client, options, question);
        exchange.send(question, MOST_REDIRECTS);
        return exchange.answer
                .orTimeout(options.timeoutNanos(), TimeUnit.NANOSECONDS)
                .whenComplete((answer, failure) -> exchange.breakOff());
    }

    private void send(Question question, int redirectsLeft) {
        try {
            CompletableFuture<HttpResponse<Optional<byte[]>>> sent =
                    client.sendAsync(request(question.uri()), head -> new LimitedBody(bytesWanted(head.statusCode())));
            underWay = sent;
            if (answer.isDone()) {
                breakOff();
            }
            CompletionStage<?> received = sent.thenAccept(response -> receive(question, response, redirectsLeft));
            received.exceptionally(failure -> {
                answer.completeExceptionally(failure);
                return null;
            });
        } catch (RuntimeException failure) {
            answer.completeExceptionally(failure);
        }
    }

    private int bytesWanted(int status) {
        return options.isValue(status) ? options.maxBodyBytes() : UNWANTED_BYTES;
    }

    private void receive(Question question, HttpResponse<Optional<byte[]>> response, int redirectsLeft) {
        if (options.isFollowed(response.statusCode())) {
            follow(question, response, redirectsLeft);
        } else {
            answer.complete(new Answer(question, response));
        }
    }

    private HttpRequest request(URI uri) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri);
        if (Question.origin(uri).equals(firstOrigin) && !headers.isEmpty()) {
            request.headers(headers.toArray(String[]::new));
        }
        return request.build();
    }

    private void follow(Question question, HttpResponse<?> response, int redirectsLeft) {
        if (redirectsLeft == 0) {
            throw new RefusedRecordException(question + " is redirected more than " + MOST_REDIRECTS + " times");
        }
        Question next = question.at(target(question, response));
        if (isSecure(question) && !isSecure(next)) {
            throw new RefusedRecordException(question + " redirects from https to http");
        }
        send(next, redirectsLeft - 1);
    }

    private static boolean isSecure(Question question) {
        return "https".equalsIgnoreCase(question.uri().getScheme());
    }

    private static URI target(Question question, HttpResponse<?> response) {
        URI target;
        try {
            target = response.headers()
                    .firstValue("Location")
                    .map(location -> resolved(question.uri(), URI.create(location)))
                    .orElse(null);
        } catch (IllegalArgumentException unreadable) {
            target = null; // its message quotes the location
        }
        if (target == null || !Questions.isUsable(target)) {
            throw new RefusedRecordException(question + " redirects to nowhere that could be asked");
        }
        return target;
    }

    /** As RFC 3986 has it: {@link URI#resolve} takes a query alone for one of the directory. */
    private static URI resolved(URI base, URI location) {
        boolean isQueryAlone = location.getScheme() == null
                && location.getRawAuthority() == null
                && location.getRawPath().isEmpty()
                && location.getRawQuery() != null;
        return isQueryAlone
                ? URI.create(base.getScheme() + "://" + base.getRawAuthority() + base.getRawPath() + "?"
                        + location.getRawQuery())
                : base.resolve(location);
    }

    private void breakOff() {
        CompletableFuture<?> sent = underWay;
        if (sent != null) {
            sent.cancel(true);
        }
    }
}
