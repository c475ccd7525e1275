package dev.millrace.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;

/** What a console answers to a client that is no browser. */
final class Shown {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final ObjectMapper JSON = new ObjectMapper();

    private final RunningConsole console;

    Shown(RunningConsole console) {
        this.console = console;
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send("GET", path);
    }

    HttpResponse<String> send(String method, String path, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(console.address().resolve(path)).method(method, BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return CLIENT.send(request.build(), BodyHandlers.ofString());
    }

    JsonNode json(String path) throws IOException, InterruptedException {
        HttpResponse<String> answer = get(path);
        if (answer.statusCode() != 200) {
            throw new AssertionError(path + " is answered by " + answer.statusCode() + ": " + answer.body());
        }
        return JSON.readTree(answer.body());
    }

    JsonNode pipelines() throws IOException, InterruptedException {
        return json("/api/pipelines").get("pipelines");
    }

    /** The first pipeline, once it is as expected. */
    JsonNode await(Predicate<JsonNode> condition) throws Exception {
        AtomicReference<JsonNode> last = new AtomicReference<>();
        Await.until(() -> String.valueOf(last.get()), () -> {
            last.set(json("/api/pipelines/1"));
            return condition.test(last.get());
        });
        return last.get();
    }

    static JsonNode named(JsonNode list, String name) {
        for (JsonNode each : list) {
            if (each.get("name").asText().equals(name)) {
                return each;
            }
        }
        throw new AssertionError("there is no '" + name + "' in " + list);
    }
}
