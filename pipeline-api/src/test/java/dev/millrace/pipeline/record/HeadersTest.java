package dev.millrace.pipeline.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class HeadersTest {

    private static final Headers HEADERS =
            Headers.none().with("a", "first").with("b", new byte[] {1, 2}).with("a", "second");

    @Test
    void shouldGiveTheLastOfSeveralOfTheSameName() {
        assertThat(HEADERS.lastText("a")).contains("second");
        assertThat(HEADERS.last("b").orElseThrow()).containsExactly(1, 2);
        assertThat(HEADERS.last("c")).isEmpty();
        assertThat(HEADERS.lastText("c")).isEmpty();
    }

    @Test
    void shouldKeepAllInOrder() {
        assertThat(HEADERS).extracting(Headers.Header::name).containsExactly("a", "b", "a");
        assertThat(HEADERS.size()).isEqualTo(3);
    }

    @Test
    void shouldLeaveTheHeadersAloneThatItIsMadeOf() {
        assertThat(HEADERS.with("c", "more").size()).isEqualTo(4);
        assertThat(HEADERS.size()).isEqualTo(3);
        assertThatThrownBy(() -> HEADERS.iterator().remove()).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void shouldTakeAwayAllOfAName() {
        assertThat(HEADERS.without("a")).extracting(Headers.Header::name).containsExactly("b");
        assertThat(HEADERS.without("c")).isSameAs(HEADERS);
        assertThat(HEADERS.without("a").without("b")).isSameAs(Headers.none());
    }

    @Test
    void shouldBeEqualByContent() {
        Headers same = Headers.of(List.of(
                new Headers.Header("a", "first".getBytes(java.nio.charset.StandardCharsets.UTF_8)),
                new Headers.Header("b", new byte[] {1, 2}),
                new Headers.Header("a", "second".getBytes(java.nio.charset.StandardCharsets.UTF_8))));

        assertThat(HEADERS).isEqualTo(same).hasSameHashCodeAs(same);
        assertThat(HEADERS).isNotEqualTo(same.with("d", "x"));
    }

    @Test
    void shouldShowNamesButNoValues() {
        assertThat(HEADERS).hasToString("[a, b, a]");
        assertThat(HEADERS.iterator().next()).hasToString("a");
    }
}
