package dev.millrace.console;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The files of the page, all of which are within this module. */
final class Pages {

    private static final String SCRIPT = "text/javascript; charset=utf-8";
    private static final Map<String, String> TYPES = Map.ofEntries(
            Map.entry("index.html", "text/html; charset=utf-8"),
            Map.entry("console.css", "text/css; charset=utf-8"),
            Map.entry("icon.svg", "image/svg+xml"),
            Map.entry("console.js", SCRIPT),
            Map.entry("dom.js", SCRIPT),
            Map.entry("failures.js", SCRIPT),
            Map.entry("format.js", SCRIPT),
            Map.entry("partitions.js", SCRIPT),
            Map.entry("plot.js", SCRIPT),
            Map.entry("service.js", SCRIPT),
            Map.entry("stages.js", SCRIPT));

    private Pages() {}

    static Optional<Answer> find(String path) throws IOException {
        String name = path.equals("/") ? "index.html" : path.substring(1);
        String type = TYPES.get(name);
        if (type == null) {
            return Optional.empty();
        }
        try (InputStream file = Objects.requireNonNull(Pages.class.getResourceAsStream("page/" + name), name)) {
            return Optional.of(Answer.of(type, file.readAllBytes()));
        }
    }
}
