package dev.millrace.examples.connectors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.examples.ExamplePage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The page on connectors shows those that run. */
class WritingAConnectorTest {

    private static final int LONGEST = 60;

    @Test
    void shouldShowTheVeryCodeThatRuns() throws IOException {
        List<String> code = new ArrayList<>();
        for (String connector : List.of("JdbcSink", "RestLookup", "TailedDirectory")) {
            code.addAll(ExamplePage.marked("connectors/" + connector + ".java"));
        }
        assertThat(code).hasSize(3).allSatisfy(each -> assertThat(each.lines()).hasSizeLessThan(LONGEST));
        code.add(1, ExamplePage.markedTest("connectors/JdbcSinkTest.java").get(0));

        assertThat(ExamplePage.ofDocs("writing-a-connector").blocks("java")).isEqualTo(code);
    }
}
