package dev.millrace.examples.connectors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.spi.Enricher;
import dev.millrace.pipeline.spi.Sink;
import dev.millrace.pipeline.spi.Source;
import dev.millrace.testkit.PipelineTestDriver;
import dev.millrace.testkit.contract.EnricherContract;
import dev.millrace.testkit.contract.Outage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lookup that the Javadoc of {@link Enricher} shows. */
class EnricherJavadocTest extends EnricherContract<String, String> {

    private static final JavadocExample TEXTS = JavadocExample.of(Enricher.class);

    private TextService service;

    @BeforeEach
    void startService() throws IOException {
        service = TextService.of(known());
    }

    @AfterEach
    void stopService() {
        service.close();
    }

    @Override
    protected Enricher<String, String> enricher() {
        return TEXTS.make(service.address());
    }

    @Override
    protected Map<String, String> known() {
        return Map.of("oslo", "709037", "bern", "133883");
    }

    @Override
    protected String unknown() {
        return "atlantis";
    }

    @Override
    protected Optional<Outage> outage() {
        return Optional.of(Outage.of(service::isAway));
    }

    /** All three, one after the other. */
    @Test
    void shouldRunWithTheOtherExamples(@TempDir Path directory) throws IOException {
        Files.write(directory.resolve("cities"), List.of("oslo", "atlantis", "bern"));
        Source<String> cities =
                SourceJavadocTest.LINES.make(directory.resolve("cities"), directory.resolve("position"));
        Sink<String> lines = SinkJavadocTest.LINES.make(directory.resolve("people"));

        try (PipelineTestDriver driver = PipelineTestDriver.create()) {
            driver.start(Pipeline.named("people")
                    .from(cities)
                    .enrichOrDrop(enricher(), city -> city, (city, people) -> city + " " + people)
                    .to(lines));
            driver.run();
        }
        assertThat(directory.resolve("people")).hasContent("oslo 709037\nbern 133883\n");
        assertThat(directory.resolve("position")).hasContent("3");
    }
}
