package dev.millrace.console;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import dev.millrace.pipeline.runtime.RunningPipeline;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Answers requests: for the files of the page, for what it shows, and for what its buttons do. */
final class ConsoleApi {

    private static final String PIPELINES = "/api/pipelines";
    private static final Map<String, Consumer<RunningPipeline>> ACTIONS =
            Map.of("pause", RunningPipeline::pause, "resume", RunningPipeline::resume, "drain", RunningPipeline::drain);

    private final Gallery gallery;
    private final Beat beat;
    private final ConsoleOptions options;
    private final Guard guard = new Guard();

    ConsoleApi(Gallery gallery, Beat beat, ConsoleOptions options) {
        this.gallery = gallery;
        this.beat = beat;
        this.options = options;
    }

    Answer answer(HttpExchange exchange) throws IOException {
        Headers headers = exchange.getRequestHeaders();
        Optional<Answer> refusal = guard.check(headers);
        if (refusal.isPresent()) {
            return refusal.get();
        }
        String path = exchange.getRequestURI().getPath();
        String method = exchange.getRequestMethod();
        if (path.equals(PIPELINES) || path.startsWith(PIPELINES + "/")) {
            return guard.checkOrigin(headers).orElseGet(() -> answer(exchange, pathBelow(path), method));
        }
        Optional<Answer> page = Pages.find(path);
        if (page.isEmpty()) {
            return notFound();
        }
        return isRead(method) ? page.get() : Answer.onlyBy("GET, HEAD");
    }

    private static List<String> pathBelow(String path) {
        return path.equals(PIPELINES)
                ? List.of()
                : List.of(path.substring(PIPELINES.length() + 1).split("/", -1));
    }

    private static boolean isRead(String method) {
        return method.equals("GET") || method.equals("HEAD");
    }

    private static Answer notFound() {
        return Answer.refused(404, "there is no such page");
    }

    /** The list, a pipeline, or an action on one. */
    private Answer answer(HttpExchange exchange, List<String> path, String method) {
        @Nullable Consumer<RunningPipeline> action = path.size() == 2 ? ACTIONS.get(path.get(1)) : null;
        if (action != null) {
            return method.equals("POST") ? act(exchange, path.get(0), action) : Answer.onlyBy("POST");
        }
        if (path.size() > 1) {
            return notFound();
        }
        if (!isRead(method)) {
            return Answer.onlyBy("GET, HEAD");
        }
        if (path.isEmpty()) {
            return Answer.json(list());
        }
        return gallery.find(path.get(0))
                .map(pipeline -> Answer.json(details(pipeline, exchange)))
                .orElseGet(ConsoleApi::noPipeline);
    }

    private static Answer noPipeline() {
        return Answer.refused(404, "there is no such pipeline, or no longer");
    }

    private byte[] list() {
        long now = beat.nanoTime();
        return ConsoleJson.of(json -> {
            PipelineView view = new PipelineView(json, now);
            json.list("pipelines", gallery.all(), view::summary);
        });
    }

    private byte[] details(Watched pipeline, HttpExchange exchange) {
        long after =
                after(Optional.ofNullable(exchange.getRequestURI().getQuery()).orElse(""));
        long now = beat.nanoTime();
        return ConsoleJson.of(json -> {
            new PipelineView(json, now).details(pipeline, after);
            json.flag("payloads", options.showsPayloads());
            if (options.allowsControl()) {
                json.text("token", guard.token());
            }
        });
    }

    /** The number of the last point that the page has, of a query such as {@code after=12}. */
    private static long after(String query) {
        return query.matches("after=[0-9]{1,18}") ? Long.parseLong(query.substring(query.indexOf('=') + 1)) : 0;
    }

    private Answer act(HttpExchange exchange, String id, Consumer<RunningPipeline> action) {
        if (!options.allowsControl()) {
            return Answer.refused(403, "this console only shows; one that is started with allowControl() does more");
        }
        Optional<Answer> refusal = guard.checkToken(exchange.getRequestHeaders());
        if (refusal.isPresent()) {
            return refusal.get();
        }
        Optional<Watched> pipeline = gallery.find(id);
        if (pipeline.isEmpty()) {
            return noPipeline();
        }
        Optional<RunningPipeline> running = pipeline.get().running();
        if (running.isEmpty()) {
            return Answer.refused(409, "the pipeline has ended");
        }
        action.accept(running.get());
        return Answer.done();
    }
}
