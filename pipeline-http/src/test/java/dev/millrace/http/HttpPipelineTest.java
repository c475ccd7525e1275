package dev.millrace.http;

import static dev.millrace.pipeline.policy.FailurePolicy.skip;
import static dev.millrace.pipeline.policy.StageOptions.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.Sources;
import dev.millrace.pipeline.policy.Ordering;
import dev.millrace.pipeline.policy.StageOptions;
import dev.millrace.pipeline.record.SourcePosition;
import dev.millrace.pipeline.runtime.PipelineFailedException;
import dev.millrace.pipeline.runtime.PipelineListener;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.PipelineState;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.pipeline.spi.StageFailedException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What becomes of records when a service fails: the lookup and the engine together. */
class HttpPipelineTest {

    private final List<String> written = new ArrayList<>();

    private RunningPipeline run(HttpLookup<String, String> lookup, StageOptions options, String... keys)
            throws Exception {
        Pipeline pipeline = Pipeline.named("http")
                .from(Sources.of(keys))
                .keyBy(key -> key)
                .enrich(lookup, key -> key, (key, answer) -> key + "=" + answer.orElse("nothing"), options)
                .to(Sinks.into(written));
        try (RunningPipeline running = PipelineRunner.create().start(pipeline)) {
            assertThat(running.awaitTermination(Duration.ofMinutes(5)))
                    .as(running.explain())
                    .isTrue();
            return running;
        }
    }

    @Test
    void shouldWaitAsLongAsTheServiceAsksAndLoseNothing() throws Exception {
        Queue<Long> times = new ConcurrentLinkedQueue<>();
        try (Service service = new Service(exchange -> {
            times.add(System.nanoTime());
            exchange.getResponseHeaders().set("Retry-After", "1");
            Service.answer(exchange, times.size() == 1 ? 429 : 200, "x");
        })) {
            RunningPipeline running = run(Asking.of(service), with().concurrency(1), "/a", "/b", "/c");

            assertThat(running.state()).isEqualTo(PipelineState.STOPPED);
            assertThat(written).containsExactly("/a=x", "/b=x", "/c=x");
            List<Long> all = List.copyOf(times);
            assertThat(all).hasSize(4);
            assertThat(Duration.ofNanos(all.get(1) - all.get(0))).isGreaterThan(Duration.ofMillis(900));
            assertThat(running.stats().stage("enrich").unavailable())
                    .as("each is told once to wait, and comes back when the wait is over")
                    .isLessThanOrEqualTo(3);
        }
    }

    @Test
    void shouldAskAgainUntilABrokenServiceIsMended() throws Exception {
        AtomicInteger requests = new AtomicInteger();
        try (Service service = new Service(exchange -> {
            switch (requests.incrementAndGet()) {
                case 1 -> Service.answer(exchange, 502, "");
                case 2 -> throw new IOException("closes the connection");
                case 3 -> {
                    exchange.sendResponseHeaders(200, 100);
                    exchange.getResponseBody().write('x');
                }
                default -> Service.answer(exchange, 200, "whole");
            }
        })) {
            RunningPipeline running = run(Asking.of(service), with().onFailure(skip()), "/a");

            assertThat(written).containsExactly("/a=whole");
            assertThat(running.stats().skipped()).isZero();
            assertThat(running.stats().stage("enrich").unavailable())
                    .as("the client itself asks again where a connection closes before an answer begins")
                    .isGreaterThanOrEqualTo(2);
        }
    }

    @Test
    void shouldGoOnWithoutAnAnswerWhenThereIsNone() throws Exception {
        try (Service service = new Service(exchange ->
                Service.answer(exchange, exchange.getRequestURI().getPath().equals("/b") ? 404 : 200, "x"))) {
            run(Asking.of(service), with(), "/a", "/b");

            assertThat(written).containsExactly("/a=x", "/b=nothing");
        }
    }

    @Test
    void shouldEndThePipelineWhateverThePolicyWhenTheKeyIsRefused() throws Exception {
        try (Service service = Service.answering(401, "")) {
            assertThatThrownBy(() -> run(Asking.of(service), with().onFailure(skip()), "/a?appid=hunter2", "/b"))
                    .isInstanceOf(PipelineFailedException.class)
                    .cause()
                    .isInstanceOf(StageFailedException.class)
                    .hasMessageMatching(service.address() + "/[ab] answers 401");
            assertThat(written).isEmpty();
        }
    }

    @Test
    void shouldGiveUpOneKeyAndGoOnWithTheOthersWhenItsDeadlinePasses() throws Exception {
        CountDownLatch forEver = new CountDownLatch(1);
        BlockingQueue<String> answered = new LinkedBlockingQueue<>();
        try (Service service = new Service(exchange -> {
                    if (exchange.getRequestURI().getPath().equals("/hanging")) {
                        awaitQuietly(forEver);
                    }
                    Service.answer(exchange, 200, "x");
                });
                SubmissionPublisher<String> keys = new SubmissionPublisher<>();
                RunningPipeline running = PipelineRunner.create()
                        .start(Pipeline.named("http")
                                .from(Sources.publisher(keys))
                                .keyBy(key -> key)
                                .enrich(
                                        Asking.of(service).timeout(Duration.ofMillis(500)),
                                        key -> key,
                                        (key, answer) -> key + "=" + answer.orElse("nothing"),
                                        with().ordering(Ordering.PER_KEY)
                                                .deadline(Duration.ofSeconds(2))
                                                .onFailure(skip()))
                                .to(Sinks.forEach(answered::add)))) {
            keys.submit("/hanging");

            // A busy machine may have one of them miss the deadline, but not each.
            String first = null;
            for (int i = 0; first == null && i < 100; i++) {
                keys.submit("/" + i);
                first = answered.poll(3, TimeUnit.SECONDS);
            }
            assertThat(first).as(running.explain()).matches("/\\d+=x");
            keys.close();
            assertThat(running.awaitTermination(Duration.ofMinutes(5)))
                    .as(running.explain())
                    .isTrue();
            assertThat(running.state()).isEqualTo(PipelineState.STOPPED);
            assertThat(answered).noneMatch(answer -> answer.startsWith("/hanging"));
            assertThat(running.stats().skipped()).isPositive();
        } finally {
            forEver.countDown();
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void shouldDecodeOnNoMoreThreadsThanPlacesWhenADecoderHangs() throws Exception {
        CountDownLatch forEver = new CountDownLatch(1);
        Semaphore begun = new Semaphore(0);
        Semaphore skipped = new Semaphore(0);
        PipelineListener listener = new PipelineListener() {
            @Override
            public void onSkip(String pipeline, String stage, SourcePosition record, Throwable cause) {
                skipped.release();
            }
        };
        try (Service service = Service.answering(200, "x");
                SubmissionPublisher<String> keys = new SubmissionPublisher<>();
                RunningPipeline running = PipelineRunner.create()
                        .listener(listener)
                        .start(Pipeline.named("http")
                                .from(Sources.publisher(keys))
                                .enrich(
                                        Http.<String, String>lookup(service::uri, body -> {
                                            begun.release();
                                            forEver.await();
                                            return "x";
                                        }),
                                        key -> key,
                                        (key, answer) -> key,
                                        with().concurrency(1)
                                                .deadline(Duration.ofMillis(300))
                                                .onFailure(skip()))
                                .to(Sinks.into(written)))) {
            int submitted = 0;
            do {
                // A busy machine may not have come to the decoder before the deadline.
                keys.submit("/" + submitted++);
                assertThat(skipped.tryAcquire(3, TimeUnit.MINUTES)).isTrue();
            } while (!begun.tryAcquire());
            keys.submit("/" + submitted++);
            assertThat(skipped.tryAcquire(3, TimeUnit.MINUTES)).isTrue();

            assertThat(begun.availablePermits())
                    .as("decoders beside the one that hangs")
                    .isZero();
            assertThat(running.stats().skipped()).isEqualTo(submitted);
        } finally {
            forEver.countDown();
        }
    }
}
