package dev.millrace.http;

import static dev.millrace.http.Asking.ask;
import static java.time.format.DateTimeFormatter.RFC_1123_DATE_TIME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.millrace.pipeline.spi.Lookup;
import dev.millrace.pipeline.spi.RefusedRecordException;
import dev.millrace.pipeline.spi.StageFailedException;
import dev.millrace.pipeline.spi.UnavailableException;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a status means, and for how long. */
class StatusTest {

    private final TestContext context = new TestContext();

    @ParameterizedTest
    @ValueSource(ints = {204, 404, 410})
    void shouldHaveNoAnswerWhenThereIsNothingForTheKey(int status) throws Exception {
        try (Service service = Service.answering(status, "")) {
            assertThat(ask(Asking.of(service), "/")).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 405, 406, 409, 418, 422, 451, 304, 300})
    void shouldRefuseTheRecordWhenItAsksForWhatItMustNot(int status) throws Exception {
        assertFails(status, RefusedRecordException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 425, 429, 500, 501, 502, 503, 504, 599, 600, 999})
    void shouldBeUnavailableWhenTheServiceIsToBlame(int status) throws Exception {
        assertFails(status, UnavailableException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 407})
    void shouldFailTheStageWhenTheCredentialsAreRefused(int status) throws Exception {
        assertFails(status, StageFailedException.class);
    }

    private static void assertFails(int status, Class<? extends Exception> failure) throws Exception {
        try (Service service = Service.answering(status, "")) {
            assertThatThrownBy(() -> ask(Asking.of(service), "/weather?appid=hunter2"))
                    .isInstanceOf(failure)
                    .hasMessage(service.address() + "/weather answers " + status)
                    .hasNoCause();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "403,NO_ANSWER",
        "404,RECORD_REFUSED",
        "401,UNAVAILABLE",
        "500,STAGE_FAILED",
        "302,NO_ANSWER",
        "202,UNAVAILABLE",
        "204,RECORD_REFUSED",
        "999,RECORD_REFUSED"
    })
    void shouldMeanWhatTheUserSays(int status, StatusMeaning meaning) throws Exception {
        try (Service service = Service.answering(status, "", "Location", "/elsewhere")) {
            HttpLookup<String, String> lookup = Asking.of(service).status(status, meaning);
            Class<?> expected = switch (meaning) {
                case NO_ANSWER -> null;
                case RECORD_REFUSED -> RefusedRecordException.class;
                case UNAVAILABLE -> UnavailableException.class;
                case STAGE_FAILED -> StageFailedException.class;
            };
            if (expected == null) {
                assertThat(ask(lookup, "/")).isEmpty();
            } else {
                assertThatThrownBy(() -> ask(lookup, "/")).isInstanceOf(expected);
            }
            assertThat(service.asked()).containsExactly("/");
        }
    }

    @Test
    void shouldNotAskAgainBeforeTheSecondsAreOver() throws Exception {
        try (Service service = Service.answering(429, "", "Retry-After", "30")) {
            assertPaused(service, " answers 429 and asks not to be asked for 30 s", Duration.ofSeconds(30));
        }
    }

    @Test
    void shouldNotAskAgainBeforeTheDate() throws Exception {
        try (Service service = new Service(exchange -> {
            String date = ZonedDateTime.now(ZoneOffset.UTC).plusMinutes(50).format(RFC_1123_DATE_TIME);
            exchange.getResponseHeaders().set("Retry-After", date);
            Service.answer(exchange, 503, "");
        })) {
            assertPaused(
                    service,
                    " answers 503 and asks not to be asked for ",
                    Duration.ofMinutes(50).plusSeconds(1));
        }
    }

    @Test
    void shouldReadADateByTheClockOfTheServiceThatSentIt() {
        HttpHeaders headers = HttpHeaders.of(
                Map.of(
                        "Date",
                        List.of("Tue, 06 May 2031 07:08:09 GMT"),
                        "Retry-After",
                        List.of("Tue, 06 May 2031 07:10:09 GMT")),
                (name, value) -> true);

        assertThat(RetryAfter.of(headers)).contains(Duration.ofMinutes(2));
    }

    @ParameterizedTest
    @ValueSource(strings = {"3600", "999999999", "0000000003601", "99999999999999999999"})
    void shouldWaitAnHourAtMost(String seconds) throws Exception {
        try (Service service = Service.answering(503, "", "Retry-After", seconds)) {
            assertPaused(service, " answers 503 and asks not to be asked for 3600 s", Duration.ofHours(1));
        }
    }

    private void assertPaused(Service service, String told, Duration pause) throws Exception {
        try (Lookup<String, String> lookup = Asking.of(service).open(context)) {
            Duration wait = waitOf(() -> ask(lookup, "/a"), service.address() + "/a" + told);
            assertThat(wait).isBetween(pause.dividedBy(2), pause);
            String another = " asks not to be asked for another ";
            assertThat(waitOf(() -> ask(lookup, "/b"), service.address() + "/b" + another))
                    .isEqualTo(wait);
            context.advance(wait.minusNanos(1));
            assertThat(waitOf(() -> ask(lookup, "/c"), service.address() + "/c" + another))
                    .isEqualTo(Duration.ofNanos(1));
            assertThat(service.asked()).containsExactly("/a");

            context.advance(Duration.ofNanos(1));

            assertThatThrownBy(() -> ask(lookup, "/b")).isInstanceOf(UnavailableException.class);
            assertThat(service.asked()).containsExactly("/a", "/b");
        }
    }

    /** For how long a question asks the engine to wait. */
    private static Duration waitOf(ThrowingCallable question, String told) {
        UnavailableException unavailable = catchThrowableOfType(UnavailableException.class, question);
        assertThat(unavailable).hasMessageStartingWith(told);
        return unavailable.retryAfter().orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(strings = {"soon", "-5", "0", "00", "Fri, 31 Dec 1999 23:59:59 GMT", "", "1e3"})
    void shouldAskAgainAtOnceWhenNoTimeToComeIsTold(String retryAfter) throws Exception {
        try (Service service = Service.answering(503, "", "Retry-After", retryAfter);
                Lookup<String, String> lookup = Asking.of(service).open(context)) {
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> ask(lookup, "/"))
                        .isInstanceOf(UnavailableException.class)
                        .hasMessage(service.address() + "/ answers 503");
            }
            assertThat(service.asked()).hasSize(2);
        }
    }

    @Test
    void shouldNotAskAgainWhoeverHasSentOnToAServiceThatWantsToBeLeftAlone() throws Exception {
        try (Service busy = Service.answering(429, "", "Retry-After", "30");
                Service front = Service.answering(302, "", "Location", busy.address() + "/b");
                Lookup<String, String> lookup = Asking.of(front).open(context)) {
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> ask(lookup, "/a")).isInstanceOf(UnavailableException.class);
            }
            assertThat(front.asked()).hasSize(1);
            assertThat(busy.asked()).containsExactly("/b");
        }
    }

    @Test
    void shouldAskOtherServicesWhileOneWantsToBeLeftAlone() throws Exception {
        try (Service busy = Service.answering(429, "", "Retry-After", "30");
                Service idle = Service.answering(200, "x");
                Lookup<Service, String> lookup = Http.lookup((Service service) -> service.uri("/"), Asking::text)
                        .open(context)) {
            assertThatThrownBy(() -> ask(lookup, busy)).isInstanceOf(UnavailableException.class);

            assertThat(ask(lookup, idle)).contains("x");
        }
    }
}
