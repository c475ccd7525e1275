package dev.millrace.files;

import static dev.millrace.files.TestContext.CONTEXT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.millrace.pipeline.spi.WriteResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SinkOptionsTest {

    @TempDir
    Path directory;

    record Title(
            @Nullable String id,
            @Nullable String name,
            @Nullable Integer startYear) {}

    private static final Title CARMENCITA = new Title("tt1", "\"Carmencita\", a \u00fc", 1894);
    private static final Title UNKNOWN = new Title("tt2", null, null);

    private Path file;

    @BeforeEach
    void nameFile() {
        file = directory.resolve("titles");
    }

    private CsvSink<Title> csv() {
        return Csv.appending(file, Title.class);
    }

    private List<Title> read(CsvSource<Title> source) throws Exception {
        Reading<Title> reading = Reading.of(source);
        assertThat(reading.reasons()).isEmpty();
        return reading.values();
    }

    private CsvSource<Title> source() {
        return Csv.source(file, Title.class);
    }

    @Test
    void shouldWriteWhatTheSourceReadsWhenTabSeparated() throws Exception {
        Writing.write(csv().tabSeparated(), CARMENCITA);
        Writing.write(csv().tabSeparated(), UNKNOWN);

        assertThat(Files.readString(file))
                .isEqualTo("id\tname\tstartYear\ntt1\t\"Carmencita\", a \u00fc\t1894\ntt2\t\\N\t\\N\n");
        assertThat(read(source().tabSeparated())).containsExactly(CARMENCITA, UNKNOWN);
    }

    @Test
    void shouldRefuseJustTheRecordWhenWhatIsNotQuotedCouldNotBeReadBack() throws Exception {
        WriteResult result = Writing.write(
                csv().tabSeparated(),
                new Title("a\tsecret", "", 1),
                new Title("a", "secret\nsecret", 1),
                new Title("a", "", 1),
                new Title("a", "\\N", 1),
                CARMENCITA);

        assertThat(read(source().tabSeparated())).containsExactly(CARMENCITA);
        assertThat(result.failures()).containsOnlyKeys(0, 1, 2, 3);
        assertThat(result.failures().get(0)).hasMessage("column 'id' must hold neither delimiter nor line end");
        assertThat(result.failures().get(1)).hasMessage("column 'name' must hold neither delimiter nor line end");
        assertThat(result.failures().get(2))
                .hasMessage("column 'name' must not hold the text that stands for no value");
        assertThat(result.failures().get(3))
                .hasMessage("column 'name' must not hold the text that stands for no value");
    }

    @Test
    void shouldTellNoneFromAnEmptyTextWhenATextStandsForNone() throws Exception {
        Title empty = new Title("tt3", "", null);
        WriteResult result =
                Writing.write(csv().absent("NA").delimiter(';'), UNKNOWN, empty, new Title("NA", "NA;", 7));

        assertThat(Files.readString(file)).isEqualTo("id;name;startYear\ntt2;NA;NA\ntt3;\"\";NA\n");
        assertThat(read(source().absent("NA").delimiter(';'))).containsExactly(UNKNOWN, empty);
        assertThat(result.failures()).containsOnlyKeys(2);
    }

    @Test
    void shouldQuoteWhateverHoldsTheDelimiterWhenItIsALetter() throws Exception {
        Writing.write(csv().delimiter('a'), CARMENCITA, UNKNOWN);

        assertThat(Files.readString(file)).startsWith("ida\"name\"a\"startYear\"\ntt1a");
        assertThat(read(source().delimiter('a'))).containsExactly(CARMENCITA, UNKNOWN);
        assertThatThrownBy(() -> csv().delimiter('a').literalQuotes())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the header cannot be written: column 'name' must hold neither delimiter nor line end");
    }

    @Test
    void shouldAddRowsToAFileWithoutHeaderWhenItIsToHaveNone() throws Exception {
        Title marked = new Title("\uFEFFtt3", "x", 1);
        Writing.write(csv().header(false), marked);
        Writing.write(csv().header(false), CARMENCITA, UNKNOWN);

        assertThat(Files.readString(file)).startsWith("\"\uFEFFtt3\",x,1\ntt1,");
        assertThat(read(source().header(false))).containsExactly(marked, CARMENCITA, UNKNOWN);
        assertThat(Writing.write(csv().header(false).literalQuotes(), marked)
                        .failures()
                        .get(0))
                .hasMessage("column 'id' must not begin with a byte order mark");
    }

    @Test
    void shouldSetAsideATornFirstRowWhenThereIsNoHeader() throws Exception {
        Files.writeString(file, "tt1,\"a\nb");

        Writing.write(csv().header(false), UNKNOWN);

        assertThat(Files.readString(file)).isEqualTo("tt2,,\n");
        assertThat(directory.resolve("titles.torn-1")).hasContent("tt1,\"a\nb");
    }

    @Test
    void shouldNotOpenAndLeaveTheFileAloneWhenItsFirstRowHasOtherColumns() throws Exception {
        Files.writeString(file, "tt1,a\ntt2,b,1\n");

        assertThatThrownBy(() -> csv().header(false).open(CONTEXT))
                .isInstanceOf(IOException.class)
                .hasMessage(file + ": titles line 1: has 2 columns, must have 3, nothing is added to such rows");
        assertThat(Files.readString(file)).isEqualTo("tt1,a\ntt2,b,1\n");
    }

    @Test
    void shouldRefuseLongerRowsWhenTheirLengthIsLimited() throws Exception {
        WriteResult result = Writing.write(csv().maxLength(20), UNKNOWN, new Title("x".repeat(19), null, null));

        assertThat(result.failures().get(1)).hasMessage("a row must not be longer than 20 characters, got 21");
        assertThat(read(source().maxLength(20))).containsExactly(UNKNOWN);
        assertThatThrownBy(() -> csv().maxLength(0)).hasMessage("maxLength must be from 1 to 268435456, got 0");
    }

    @Test
    void shouldReplaceInTheFormThatIsAskedFor() throws Exception {
        CsvSink<?> plain = Csv.replacing(file, Title.class);
        Writing.write(Csv.replacing(file, Title.class).tabSeparated().header(false), List.of(CARMENCITA, UNKNOWN));

        assertThat(read(source().tabSeparated().header(false))).containsExactly(CARMENCITA, UNKNOWN);
        assertThat(plain.describe()).isEqualTo("CSV file " + file);
        assertThat(plain).hasToString("CsvSink[" + file + "]");
    }

    @Test
    void shouldLeaveASinkAsItIsWhenAnotherIsMadeOfIt() throws Exception {
        CsvSink<Title> sink = csv();
        assertThat(sink.tabSeparated()).isNotSameAs(sink);
        Writing.write(sink, CARMENCITA);

        assertThat(read(source())).containsExactly(CARMENCITA);
    }

    @Test
    void shouldWriteByTheMapperOnOneLineWhenOneIsGiven() throws Exception {
        ObjectMapper mapper = JsonMapper.builder()
                .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .enable(SerializationFeature.INDENT_OUTPUT)
                .build();
        Writing.write(Json.appending(file, Title.class).mapper(mapper), CARMENCITA, UNKNOWN);

        assertThat(Files.readString(file)).endsWith("{\"id\":\"tt2\",\"name\":null,\"start_year\":null}\n");
        assertThat(Reading.of(Json.lines(file, Title.class).mapper(mapper)).values())
                .containsExactly(CARMENCITA, UNKNOWN);
    }

    @Test
    void shouldWriteAndReadTypesWithParameters() throws Exception {
        TypeReference<Map<String, List<Title>>> type = new TypeReference<>() {};
        Map<String, List<Title>> titles = Map.of("short", List.of(CARMENCITA, UNKNOWN));
        Path array = Files.writeString(directory.resolve("array"), "[{\"a\":1},{\"a\":\"x\"}]");

        Writing.write(Json.appending(file, type), titles);
        assertThat(Reading.of(Json.lines(file, type)).values()).containsExactly(titles);
        Writing.write(Json.replacing(file, type), List.of(titles, titles));
        assertThat(Reading.of(Json.lines(file, type)).values()).containsExactly(titles, titles);
        Reading<Map<String, Integer>> numbers =
                Reading.of(Json.array(array, new TypeReference<Map<String, Integer>>() {}));
        assertThat(numbers.values()).containsExactly(Map.of("a", 1));
        assertThat(numbers.reasons()).containsExactly("array $[1].* must be an Integer, got a string");
    }

    @Test
    void shouldRefuseLongerValuesWhenTheirLengthIsLimited() throws Exception {
        WriteResult result = Writing.write(Json.appending(file, String.class).maxLength(5), "abc", "abcd");

        assertThat(result.failures().get(1)).hasMessage("a value must not be longer than 5 bytes, got 6");
        assertThat(Reading.of(Json.lines(file, String.class).maxLength(5)).values())
                .containsExactly("abc");
        assertThatThrownBy(() -> Json.replacing(file, String.class).maxLength(0))
                .hasMessage("maxLength must be from 1 to 1073741824, got 0");
        JsonSink<?> sink = Json.replacing(file, String.class);
        assertThat(sink).hasToString("JsonSink[" + file + "]");
    }
}
