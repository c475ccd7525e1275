package dev.millrace.files;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The edge cases of csv-spectrum, against the results that it gives as JSON. */
class CsvSpectrumTest {

    static List<String> cases() throws IOException {
        try (Stream<Path> files = Files.list(SharedData.at("badinputs/csv-spectrum/csvs"))) {
            return files.map(file -> file.getFileName().toString().replace(".csv", ""))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void shouldReadWhatIsExpectedWhenTheCaseIs(String name) throws Exception {
        Path directory = SharedData.at("badinputs/csv-spectrum");
        List<Map<String, String>> expected = JsonMapper.builder()
                .build()
                .readValue(directory.resolve("json").resolve(name + ".json").toFile(), new TypeReference<>() {});

        Reading<Map<String, String>> reading =
                Reading.of(Csv.source(directory.resolve("csvs").resolve(name + ".csv"), row -> {
                    Map<String, String> values = new LinkedHashMap<>();
                    row.columns().forEach(column -> values.put(column, row.get(column)));
                    return values;
                }));

        assertThat(reading.refused()).isEmpty();
        assertThat(reading.values()).isEqualTo(expected);
    }
}
