package dev.millrace.examples.activity;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

class JsonShapeTest {

    @Test
    void shouldShowNamesAndTypesAsATree() throws Exception {
        String json = """
                [{"name": "a", "tags": [], "at": {"x": 1, "y": 2}},
                 {"name": null, "tags": ["t", 1], "at": {"x": 1.5}},
                 {"name": "b", "tags": ["t"], "at": {"x": true, "y": 2}}]""";

        assertThat(JsonShape.of(new ObjectMapper().readTree(json)).tree().lines())
                .containsExactly(
                        "root: array",
                        " |-- element: object",
                        " |    |-- at: object",
                        " |    |    |-- x: boolean or number",
                        " |    |    |-- y: number (optional)",
                        " |    |-- name: null or string",
                        " |    |-- tags: array",
                        " |    |    |-- element: number or string");
    }

    @Test
    void shouldShowAValueWithoutParts() throws Exception {
        assertThat(JsonShape.of(new ObjectMapper().readTree("7")).tree().lines())
                .containsExactly("root: number");
    }
}
