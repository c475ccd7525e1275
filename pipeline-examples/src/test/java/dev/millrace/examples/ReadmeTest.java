package dev.millrace.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReadmeTest {

    @Test
    void shouldShowTheVeryCodeThatRuns() throws IOException {
        List<String> code = ExamplePage.marked("ratings/RatingsPipeline.java");

        assertThat(code).hasSize(1);
        assertThat(code.get(0).lines()).isNotEmpty().hasSizeLessThanOrEqualTo(10);
        assertThat(ExamplePage.readme().blocks("java").get(0)).isEqualTo(code.get(0));
    }
}
