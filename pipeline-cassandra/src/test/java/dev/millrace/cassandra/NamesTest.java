package dev.millrace.cassandra;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamesTest {

    @ParameterizedTest
    @CsvSource({
        "user, user",
        "loginId, login_id",
        "imdbURL, imdb_url",
        "URLName, url_name",
        "address2, address2",
        "address2Line, address2_line",
        "login_id, login_id",
        "X, x",
        "aB, a_b",
        "straßeÄ, straße_ä"
    })
    void shouldTurnComponentsIntoColumnsWhenTheirNamesAreInCamelCase(String component, String column) {
        assertThat(Names.snakeCase(component)).isEqualTo(column);
    }

    @Test
    void shouldSuggestAColumnWhenItDiffersByUnderscoresOrALetter() {
        List<String> columns = List.of("city", "windspeed", "country");

        assertThat(Names.closest("wind_speed", columns)).contains("windspeed");
        assertThat(Names.closest("contry", columns)).contains("country");
    }

    @Test
    void shouldSuggestNothingWhenNoColumnIsClose() {
        assertThat(Names.closest("rating", List.of("city", "country"))).isEmpty();
        assertThat(Names.closest("a", List.of("b"))).isEmpty();
    }
}
