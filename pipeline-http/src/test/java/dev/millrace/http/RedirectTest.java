package dev.millrace.http;

import static dev.millrace.http.Asking.ask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpHandler;
import dev.millrace.pipeline.spi.RefusedRecordException;
import dev.millrace.pipeline.spi.StageFailedException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedirectTest {

    @TempDir
    Path directory;

    /** From /old to where that points; anything else is answered. */
    private static HttpHandler redirecting(int status, String location) {
        return exchange -> {
            if (!exchange.getRequestURI().getPath().equals("/old")) {
                Service.answer(exchange, 200, "found");
                return;
            }
            if (location != null) {
                exchange.getResponseHeaders().set("Location", location);
            }
            Service.answer(exchange, status, "");
        };
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void shouldFollowWithTheHeadersWhenTheServerIsTheSame(int status) throws Exception {
        try (Service service = new Service(redirecting(status, "new?id=1"))) {
            assertThat(ask(Asking.of(service).header("Authorization", "hunter2"), "/old?id=0"))
                    .contains("found");
            assertThat(service.asked()).containsExactly("/old?id=0", "/new?id=1");
            assertThat(service.header("Authorization")).containsExactly("hunter2", "hunter2");
        }
    }

    @Test
    void shouldKeepTheHeadersToItselfWhenTheServerIsAnother() throws Exception {
        try (Service other = Service.answering(200, "found");
                Service service = new Service(redirecting(302, other.address() + "/new"))) {
            assertThat(ask(Asking.of(service).header("Authorization", "hunter2"), "/old"))
                    .contains("found");
            assertThat(service.header("Authorization")).containsExactly("hunter2");
            assertThat(other.header("Authorization")).containsExactly("null");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 407})
    void shouldRefuseTheRecordWhenAServerThatWasNotSentTheHeadersWantsThem(int status) throws Exception {
        try (Service other = Service.answering(status, "");
                Service service = new Service(redirecting(302, other.address() + "/new?signature=hunter2"))) {
            assertThatThrownBy(() -> ask(Asking.of(service).header("Authorization", "hunter2"), "/old"))
                    .isInstanceOf(RefusedRecordException.class)
                    .hasMessage(other.address() + "/new answers " + status + ", redirected from " + service.address()
                            + " and so without its headers");
            assertThatThrownBy(() -> ask(Asking.of(service).status(status, StatusMeaning.STAGE_FAILED), "/old"))
                    .as("the user knows better")
                    .isInstanceOf(StageFailedException.class);
        }
    }

    @Test
    void shouldFailTheStageWhenTheSameServerRefusesTheHeadersElsewhere() throws Exception {
        try (Service service = new Service(exchange -> {
            boolean isOld = exchange.getRequestURI().getPath().equals("/old");
            exchange.getResponseHeaders().set("Location", "/new");
            Service.answer(exchange, isOld ? 302 : 403, "");
        })) {
            assertThatThrownBy(() -> ask(Asking.of(service), "/old")).isInstanceOf(StageFailedException.class);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/a/old?page=1, ?page=2,        /a/old?page=2",
        "/a/old,        ?page=2#part,   /a/old?page=2",
        "/a/old?page=1, b?page=2,       /a/b?page=2",
        "/a/old,        ../b,           /b"
    })
    void shouldResolveALocationAsBrowsersDo(String asked, String location, String target) throws Exception {
        try (Service service = new Service(exchange -> {
            boolean isFirst = exchange.getRequestURI().toString().equals(asked);
            exchange.getResponseHeaders().set("Location", location);
            Service.answer(exchange, isFirst ? 302 : 200, "found");
        })) {
            assertThat(ask(Asking.of(service), asked)).contains("found");
            assertThat(service.asked()).containsExactly(asked, target);
        }
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"ftp://localhost/new", "/new?appid=hunter2 {}", "http:", "mailto:hunter2"})
    void shouldRefuseTheRecordWhenThereIsNothingToFollow(String location) throws Exception {
        try (Service service = new Service(redirecting(302, location))) {
            assertThatThrownBy(() -> ask(Asking.of(service), "/old"))
                    .isInstanceOf(RefusedRecordException.class)
                    .hasMessageStartingWith(service.address() + "/old ")
                    .hasMessageContaining("redirect")
                    .hasMessageNotContaining("hunter2")
                    .hasNoCause();
        }
    }

    @Test
    void shouldRefuseTheRecordWhenTheWayIsACircle() throws Exception {
        try (Service service = Service.answering(302, "", "Location", "/old")) {
            assertThatThrownBy(() -> ask(Asking.of(service), "/old"))
                    .isInstanceOf(RefusedRecordException.class)
                    .hasMessage(service.address() + "/old is redirected more than 5 times");
            assertThat(service.asked()).hasSize(6);
        }
    }

    @Test
    void shouldFollowFiveInARowAndNoMore() throws Exception {
        try (Service service = new Service(exchange -> {
            int left = Integer.parseInt(exchange.getRequestURI().getPath().substring(1));
            exchange.getResponseHeaders().set("Location", "/" + (left - 1));
            Service.answer(exchange, left == 0 ? 200 : 302, "found");
        })) {
            assertThat(ask(Asking.of(service), "/5")).contains("found");
            assertThatThrownBy(() -> ask(Asking.of(service), "/6"))
                    .isInstanceOf(RefusedRecordException.class)
                    .hasMessage(service.address() + "/1 is redirected more than 5 times");
        }
    }

    @Test
    void shouldNotFollowFromHttpsToHttp() throws Exception {
        Tls tls = Tls.in(directory);
        try (Service plain = Service.answering(200, "found");
                Service secure = tls.service(redirecting(302, plain.address() + "/new"))) {
            assertThatThrownBy(() -> ask(Asking.of(secure).client(tls.client()), "/old"))
                    .isInstanceOf(RefusedRecordException.class)
                    .hasMessage(secure.address() + "/old redirects from https to http");
            assertThat(plain.asked()).isEmpty();
        }
    }

    @Test
    void shouldFollowFromHttpToHttpsWithoutTheHeaders() throws Exception {
        Tls tls = Tls.in(directory);
        try (Service secure = tls.service(redirecting(302, ""));
                Service plain = new Service(redirecting(301, secure.address() + "/new"))) {
            assertThat(ask(Asking.of(plain).client(tls.client()).header("Authorization", "hunter2"), "/old"))
                    .contains("found");
            assertThat(secure.header("Authorization")).containsExactly("null");
        }
    }
}
