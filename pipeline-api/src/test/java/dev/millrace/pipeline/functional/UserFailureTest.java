package dev.millrace.pipeline.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.millrace.pipeline.Enrichers;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.Stage;
import dev.millrace.pipeline.policy.FailurePolicy;
import dev.millrace.pipeline.policy.StageOptions;
import dev.millrace.pipeline.record.SourcePosition;
import dev.millrace.pipeline.runtime.PipelineFailedException;
import dev.millrace.pipeline.spi.Enricher;
import dev.millrace.pipeline.spi.WriteResult;
import dev.millrace.pipeline.testing.ManualSource;
import dev.millrace.pipeline.testing.Runs;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever user code throws, wherever, is the failure of one record and names stage and place. */
class UserFailureTest {

    private final ManualSource<String> source = ManualSource.pausable();
    private final List<Object> written = Collections.synchronizedList(new ArrayList<>());

    /** What a user hands to a stage. */
    @FunctionalInterface
    private interface UserCode {
        String call(String value);
    }

    /** Each place where a user's function is called; it does with the value "bad" what the function given does. */
    enum Place {
        MAP("map", (stage, user) -> stage.map(user::call)),
        FILTER("filter", (stage, user) -> stage.filter(value -> user.call(value) != null)),
        FLAT_MAP("flatMap", (stage, user) -> stage.flatMap(value -> List.of(user.call(value)))),
        LAZY_FLAT_MAP(
                "flatMap",
                (stage, user) -> stage.flatMap(
                        value -> () -> Stream.of(value).map(user::call).iterator())),
        KEY_BY("keyBy", (stage, user) -> stage.keyBy(user::call)),
        PEEK("peek", (stage, user) -> stage.peek(record -> user.call(record.value()))),
        KEY_OF(
                "enrich",
                (stage, user) -> stage.enrich(
                        Enrichers.<String, String>local(Optional::of), user::call, (value, answer) -> value)),
        LOCAL_LOOKUP(
                "enrich",
                (stage, user) -> stage.enrich(
                        Enrichers.<String, String>local(key -> Optional.of(user.call(key))),
                        value -> value,
                        (value, answer) -> value)),
        COMBINE(
                "enrich",
                (stage, user) -> stage.enrich(
                        Enrichers.<String, String>local(Optional::of),
                        value -> value,
                        (value, answer) -> user.call(value))),
        ASYNC_KEY_OF(
                "enrich",
                (stage, user) -> stage.enrich(completed(value -> value), user::call, (value, answer) -> value)),
        ASYNC_LOOKUP(
                "enrich", (stage, user) -> stage.enrich(completed(user), value -> value, (value, answer) -> value)),
        ASYNC_COMBINE(
                "enrich",
                (stage, user) ->
                        stage.enrich(completed(value -> value), value -> value, (value, answer) -> user.call(value))),
        AFTER_ASYNC(
                "map",
                (stage, user) -> stage.enrich(completed(value -> value), value -> value, (value, answer) -> value)
                        .map(user::call)),
        BLOCKING_LOOKUP(
                "enrich",
                (stage, user) -> stage.enrich(
                        Enrichers.<String, String>blocking(key -> Optional.of(user.call(key))),
                        value -> value,
                        (value, answer) -> value)),
        WRITER(
                "alsoTo",
                (stage, user) -> stage.alsoTo(context -> batch -> {
                    batch.forEach(record -> user.call(record.value()));
                    return WriteResult.alreadyWritten();
                })),
        WRITE_ANSWER(
                "alsoTo",
                (stage, user) -> stage.alsoTo(context ->
                        batch -> CompletableFuture.completedFuture(null).thenApply(nothing -> {
                            batch.forEach(record -> user.call(record.value()));
                            return WriteResult.written();
                        }))),
        FOR_EACH("alsoTo", (stage, user) -> stage.alsoTo(Sinks.forEach(user::call)));

        private final String stage;

        @SuppressWarnings("ImmutableEnumChecker") // lambdas without state
        private final BiFunction<Stage<String>, UserCode, Stage<String>> how;

        Place(String stage, BiFunction<Stage<String>, UserCode, Stage<String>> how) {
            this.stage = stage;
            this.how = how;
        }

        private static Enricher<String, String> completed(UserCode user) {
            return Enrichers.async(key -> CompletableFuture.completedFuture(Optional.of(user.call(key))));
        }
    }

    private static final List<Throwable> RECORD_FAILURES = List.of(
            new IllegalStateException("secret"),
            new StackOverflowError(),
            new NoClassDefFoundError("secret"),
            new LinkageError("secret"),
            threadDeath(),
            new AssertionError("secret"),
            new IOException("secret"));

    /** By name, for newer JDKs mean to remove it. */
    static Throwable threadDeath() {
        try {
            return Class.forName("java.lang.ThreadDeath")
                    .asSubclass(Throwable.class)
                    .getDeclaredConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException removed) {
            return new Error("secret");
        }
    }

    static Stream<Arguments> placesAndFailures() {
        return Stream.of(Place.values())
                .flatMap(place -> RECORD_FAILURES.stream().map(failure -> arguments(place, failure)));
    }

    static Stream<Place> places() {
        return Stream.of(Place.values());
    }

    @ParameterizedTest
    @MethodSource("placesAndFailures")
    void shouldNameStageAndPositionWhenUserCodeThrows(Place place, Throwable thrown) {
        PipelineFailedException failure =
                Runs.runToFailure(Runs.runner(), pipeline(place, thrown, FailurePolicy.stop()));

        assertThat(failure.stage()).contains(place.stage);
        assertThat(failure.position()).contains(SourcePosition.of("p", 11));
        assertThat(failure.getCause()).isSameAs(thrown);
        assertThat(failure)
                .hasMessage("pipeline 'pipe' failed in stage '" + place.stage + "' at p@11: "
                        + thrown.getClass().getName());
        assertThat(source.committed("p")).isLessThanOrEqualTo(11);
        assertThat(source.closes()).isOne();
    }

    @ParameterizedTest
    @MethodSource("placesAndFailures")
    void shouldGoOnWithTheNextRecordWhenAskedToSkip(Place place, Throwable thrown) {
        Runs.run(pipeline(place, thrown, FailurePolicy.skip()));

        assertThat(written).contains("good", "better");
        assertThat(source.committed("p")).isEqualTo(13);
    }

    /** Not one that is thrown, but one that the JVM throws, with no room left for whoever catches it too deep. */
    @ParameterizedTest
    @MethodSource("places")
    void shouldNameStageAndPositionWhenTheStackOverflows(Place place) {
        PipelineFailedException failure =
                Runs.runToFailure(Runs.runner(), pipeline(place, UserFailureTest::recurse, FailurePolicy.stop()));

        assertThat(failure.stage()).contains(place.stage);
        assertThat(failure.position()).contains(SourcePosition.of("p", 11));
        assertThat(failure.getCause()).isInstanceOf(StackOverflowError.class);
        assertThat(source.committed("p")).isLessThanOrEqualTo(11);
    }

    @ParameterizedTest
    @MethodSource("places")
    void shouldGoOnWithTheNextRecordWhenTheStackOverflows(Place place) {
        Runs.run(pipeline(place, UserFailureTest::recurse, FailurePolicy.skip()));

        assertThat(written).contains("good", "better");
        assertThat(source.committed("p")).isEqualTo(13);
    }

    @SuppressWarnings("InfiniteRecursion")
    private static String recurse(String value) {
        return recurse(value) + value;
    }

    @ParameterizedTest
    @MethodSource("places")
    void shouldEndInFailureAndCommitNothingWhenMemoryIsOut(Place place) {
        OutOfMemoryError thrown = new OutOfMemoryError("thrown by a test");
        PipelineFailedException failure = Runs.runToFailure(
                Runs.runner().commitInterval(Duration.ofHours(1)), pipeline(place, thrown, FailurePolicy.skip()));

        assertThat(failure.getCause()).isSameAs(thrown);
        assertThat(source.commits()).isEmpty();
        assertThat(source.closes()).isOne();
    }

    private Pipeline pipeline(Place place, Throwable thrown, FailurePolicy policy) {
        return pipeline(
                place,
                value -> {
                    UserFailureTest.<RuntimeException>throwSneakily(thrown);
                    return value;
                },
                policy);
    }

    private Pipeline pipeline(Place place, UserCode onBad, FailurePolicy policy) {
        source.feed("p", 10, "good")
                .feed("p", 11, "bad")
                .feed("p", 12, "better")
                .end();
        return place.how
                .apply(Pipeline.named("pipe").from(source), value -> value.equals("bad") ? onBad.call(value) : value)
                .to(Sinks.into(written), StageOptions.with().onFailure(policy));
    }

    /** Also what is checked and not declared, as other languages do. */
    @SuppressWarnings("unchecked")
    private static <X extends Throwable> void throwSneakily(Throwable thrown) throws X {
        throw (X) thrown;
    }
}
