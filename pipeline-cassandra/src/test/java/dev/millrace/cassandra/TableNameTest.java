package dev.millrace.cassandra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TableNameTest {

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '\'',
            value = {
                "netflix.ratings, \"netflix\".\"ratings\"",
                "Netflix.Ratings, \"netflix\".\"ratings\"",
                "\"Netflix\".ratings, \"Netflix\".\"ratings\"",
                "k.\"a.b\", \"k\".\"a.b\"",
                "k.\"x; DROP TABLE y\", \"k\".\"x; DROP TABLE y\"",
                "k.\"say \"\"hi\"\"\", \"k\".\"say \"\"hi\"\"\""
            })
    void shouldQuoteNamesWhenWrittenAsInCql(String text, String cql) {
        assertThat(TableName.parse(text).asCql()).isEqualTo(cql);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ratings", "netflix.", ".ratings", "a.b.c", "a.b; DROP TABLE c", "a.\"b", "a.\"\""})
    void shouldRefuseWhatIsNoTable(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TableName.parse(text))
                .withMessage("table must be keyspace.table, each a word or in double quotes, got '" + text + "'");
    }
}
