package dev.millrace.http;

import static dev.millrace.http.Asking.ask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpUriTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Chicago        | Chicago",
                "New York       | New%20York",
                "a+b            | a%2Bb",
                "a&appid=b#c    | a%26appid%3Db%23c",
                "100%           | 100%25",
                "100%25         | 100%2525",
                "../../admin?a  | ..%2F..%2Fadmin%3Fa",
                "Z\u00fcrich     | Z%C3%BCrich",
                "\ud83c\udf0a             | %F0%9F%8C%8A"
            })
    void shouldTakeAKeyForNothingButAKey(String key, String encoded) {
        HttpUri service = Http.uri("http://localhost:8080");

        assertThat(service.path("a", key).query("q", key).query(key, 1).toUri())
                .hasToString("http://localhost:8080/a/" + encoded + "?q=" + encoded + "&" + encoded + "=1");
    }

    @Test
    void shouldArriveAsItWasMeant() throws Exception {
        String key = "K\u00f6ln + 1&1=2/3?";
        try (Service service = new Service(exchange ->
                Service.answer(exchange, 200, exchange.getRequestURI().getPath()))) {
            HttpUri base = Http.uri(service.uri("/data/?v=2"));
            HttpLookup<String, String> lookup = Http.<String, String>lookup(
                            city -> base.path(city).query("q", city).toUri(), Asking::text)
                    .timeout(Duration.ofMinutes(1));

            assertThat(ask(lookup, key)).contains("/data/" + key);
            assertThat(service.asked())
                    .containsExactly(
                            "/data/K%C3%B6ln%20%2B%201%261%3D2%2F3%3F?v=2" + "&q=K%C3%B6ln%20%2B%201%261%3D2%2F3%3F");
        }
    }

    @Test
    void shouldKeepWhatTheBaseHas() {
        assertThat(Http.uri("https://example.org").toUri()).hasToString("https://example.org");
        assertThat(Http.uri("https://example.org/").path("a").toUri()).hasToString("https://example.org/a");
        assertThat(Http.uri("https://example.org/v%31/").path("a").toUri()).hasToString("https://example.org/v%31/a");
        assertThat(Http.uri("https://example.org/v1/?x=%31").query("y", 2).toUri())
                .hasToString("https://example.org/v1/?x=%31&y=2");
        assertThat(Http.uri("https://example.org?").query("y", 2).toUri()).hasToString("https://example.org?y=2");
    }

    @Test
    void shouldChangeNothingButTheCopy() {
        HttpUri service = Http.uri("http://localhost").query("appid", "hunter2");
        service.path("a").query("b", "c");

        assertThat(service.toUri()).hasToString("http://localhost?appid=hunter2");
        assertThat(service.path("a")).hasToString("http://localhost/a");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "\ud800"})
    void shouldRefuseASegmentThatIsNone(String segment) {
        assertThatThrownBy(() -> Http.uri("http://localhost").path(segment))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://hunter2",
                "localhost/hunter2",
                "http://hunter2@localhost",
                "http://localhost#hunter2",
                "http:// hunter2"
            })
    void shouldRefuseABaseThatIsNone(String base) {
        assertThatThrownBy(() -> Http.uri(base))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("base ")
                .hasMessageNotContaining("hunter2")
                .hasNoCause();
    }
}
