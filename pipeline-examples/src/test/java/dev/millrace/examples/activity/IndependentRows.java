package dev.millrace.examples.activity;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What becomes of attempts, worked out on trees and without the library. */
final class IndependentRows {

    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();
    private static final List<String> OF_ATTEMPT =
            List.of("exam_name", "started_at", "keen_timestamp", "max_attempts", "base_exam_id", "user_exam_id");
    private static final List<String> OF_QUESTION =
            List.of("id", "user_result", "user_correct", "user_incomplete", "user_submitted");

    private IndependentRows() {}

    static List<JsonNode> attempts(Path file) throws IOException {
        List<JsonNode> attempts = new ArrayList<>();
        MAPPER.readTree(file.toFile()).forEach(attempts::add);
        return attempts;
    }

    static List<JsonNode> lines(Path file) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            lines.add(MAPPER.readTree(line));
        }
        return lines;
    }

    static JsonNode message(String value) throws IOException {
        return MAPPER.readTree(value);
    }

    static JsonNode array(List<JsonNode> elements) {
        ArrayNode array = MAPPER.createArrayNode();
        elements.forEach(array::add);
        return array;
    }

    static List<JsonNode> rowsOf(List<JsonNode> attempts) {
        List<JsonNode> rows = new ArrayList<>();
        for (JsonNode attempt : attempts) {
            for (JsonNode question : attempt.path("sequences").path("questions")) {
                ObjectNode row = MAPPER.createObjectNode();
                copy(attempt, OF_ATTEMPT, row);
                copy(question, OF_QUESTION, row);
                ArrayNode options = row.putArray("options");
                question.path("options").forEach(options::add);
                rows.add(row);
            }
        }
        return rows;
    }

    private static void copy(JsonNode from, List<String> names, ObjectNode to) {
        for (String name : names) {
            if (from.has(name)) {
                to.set(name, from.get(name));
            }
        }
    }

    static Map<String, Integer> byExam(List<JsonNode> attempts) {
        Map<String, Integer> exams = new TreeMap<>();
        attempts.forEach(attempt -> exams.merge(attempt.get("exam_name").textValue(), 1, Integer::sum));
        return exams;
    }
}
