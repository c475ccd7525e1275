package dev.millrace.examples.connectors;

import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.Source;
import dev.millrace.pipeline.spi.SourceContext;
import dev.millrace.pipeline.spi.SourceReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The lines of all files of a directory, also those that are still to come. A file is a partition, and only grows. */
// docs:begin
public record TailedDirectory(Path directory) implements Source<String> {

    private static final Duration LOOK_EVERY = Duration.ofMillis(50);

    @Override
    public SourceReader<String> open(SourceContext context) {
        Map<Path, TailedFile> files = new TreeMap<>();
        return new SourceReader<>() {
            @Override
            public List<PipelineRecord<String>> poll(Duration timeout) throws IOException, InterruptedException {
                try (Stream<Path> listed = Files.list(directory)) {
                    for (Path path : listed.filter(Files::isRegularFile).toList()) {
                        if (!files.containsKey(path)) {
                            files.put(path, new TailedFile(path));
                        }
                    }
                }
                List<PipelineRecord<String>> lines = new ArrayList<>();
                for (TailedFile file : files.values()) {
                    file.read(context.pollLimit() - lines.size(), lines);
                }
                if (lines.isEmpty()) {
                    context.idle(LOOK_EVERY);
                }
                return lines;
            }

            @Override
            public void close() throws IOException {
                for (TailedFile file : files.values()) {
                    file.close();
                }
            }
        };
    }
}
// docs:end
