package dev.millrace.examples.weather;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Answers as the service does, for three cities whose wind changes with each request; for those who have no key. */
final class StandIn implements AutoCloseable {

    static final String KEY = "key-of-the-stand-in";

    private static final Pattern QUERY = Pattern.compile("id=(\\d{1,9})&appid=(.+)");
    private static final double STRONGEST = 15;
    private static final Map<Integer, City> CITIES = Map.of(
            4887398, new City("Chicago", -87.65, 41.85, -18_000),
            4164138, new City("Miami", -80.19, 25.77, -14_400),
            5391959, new City("San Francisco", -122.42, 37.77, -25_200));

    private final Random random;
    private final Map<String, Double> speeds = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newFixedThreadPool(4);
    private final HttpServer server;

    private record City(String name, double longitude, double latitude, int timezone) {}

    private StandIn(HttpServer server, long seed) {
        this.server = server;
        this.random = new Random(seed);
    }

    /** Starts one on a port of its own. */
    static StandIn start(long seed) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        StandIn standIn = new StandIn(server, seed);
        server.createContext("/data/2.5/weather", standIn::answer);
        server.setExecutor(standIn.threads);
        server.start();
        return standIn;
    }

    URI address() {
        return URI.create("http://localhost:" + server.getAddress().getPort());
    }

    /** The wind that each city was told to have last, by name. */
    Map<String, Double> lastTold() {
        return Map.copyOf(speeds);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            Matcher query =
                    QUERY.matcher(String.valueOf(exchange.getRequestURI().getQuery()));
            if (!query.matches() || !query.group(2).equals(KEY)) {
                send(exchange, 401, "{\"cod\":401,\"message\":\"Invalid API key\"}");
                return;
            }
            int id = Integer.parseInt(query.group(1));
            City city = CITIES.get(id);
            if (city == null) {
                send(exchange, 404, "{\"cod\":\"404\",\"message\":\"city not found\"}");
            } else {
                send(exchange, 200, report(id, city));
            }
        }
    }

    private static void send(HttpExchange exchange, int status, String json) throws IOException {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json; charset=utf-8");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    private String report(int id, City city) {
        double speed =
                speeds.compute(city.name(), (name, last) -> rounded(last == null ? gust() : (last * 3 + gust()) / 4));
        long now = Instant.now().getEpochSecond();
        return String.format(
                Locale.ROOT,
                """
                {"coord":{"lon":%.2f,"lat":%.2f},\
                "weather":[{"id":801,"main":"Clouds","description":"few clouds","icon":"02d"}],"base":"stations",\
                "main":{"temp":290.15,"feels_like":289.4,"temp_min":288.1,"temp_max":292.9,"pressure":1015,"humidity":60},\
                "visibility":10000,"wind":{"speed":%s,"deg":200},"clouds":{"all":20},"dt":%d,\
                "sys":{"type":2,"id":1,"country":"US","sunrise":%d,"sunset":%d},\
                "timezone":%d,"id":%d,"name":"%s","cod":200}""",
                city.longitude(),
                city.latitude(),
                speed,
                now,
                now - 20_000,
                now + 20_000,
                city.timezone(),
                id,
                city.name());
    }

    private synchronized double gust() {
        return random.nextDouble() * STRONGEST;
    }

    private static double rounded(double speed) {
        return Math.round(speed * 100) / 100.0;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
