package dev.millrace.http;

import static dev.millrace.http.StatusMeaning.NO_ANSWER;
import static dev.millrace.http.StatusMeaning.RECORD_REFUSED;
import static dev.millrace.http.StatusMeaning.STAGE_FAILED;
import static dev.millrace.http.StatusMeaning.UNAVAILABLE;

import dev.millrace.pipeline.function.ThrowingSupplier;
import dev.millrace.pipeline.spi.RefusedRecordException;
import dev.millrace.pipeline.spi.StageFailedException;
import dev.millrace.pipeline.spi.UnavailableException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** How a service is asked. No record that prints itself with its components: a header may be a secret. */
final class HttpOptions {

    static final HttpOptions DEFAULTS = new HttpOptions(List.of(), Duration.ofSeconds(10), 1 << 20, Map.of(), null);

    private final List<Header> headers;
    private final Duration timeout;
    private final int maxBodyBytes;
    private final Map<Integer, StatusMeaning> statuses;
    private final @Nullable HttpClient client;

    /** A header, whose value is asked for with each question. */
    record Header(String name, ThrowingSupplier<String> value) {

        /** A value that can be sent. */
        String get() {
            try {
                String given = Objects.requireNonNull(value.get());
                HttpRequest.newBuilder().header(name, given);
                return given;
            } catch (UnavailableException | RefusedRecordException | StageFailedException told) {
                throw told;
            } catch (Exception failure) {
                Interrupts.keep(failure);
                throw new UnavailableException("header '" + name + "' has no value that can be sent: "
                        + failure.getClass().getName());
            }
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private HttpOptions(
            List<Header> headers,
            Duration timeout,
            int maxBodyBytes,
            Map<Integer, StatusMeaning> statuses,
            @Nullable HttpClient client) {
        this.headers = headers;
        this.timeout = timeout;
        this.maxBodyBytes = maxBodyBytes;
        this.statuses = statuses;
        this.client = client;
    }

    HttpOptions header(Header header) {
        List<Header> more = new ArrayList<>(headers);
        more.add(header);
        return new HttpOptions(List.copyOf(more), timeout, maxBodyBytes, statuses, client);
    }

    HttpOptions timeout(Duration limit) {
        return new HttpOptions(headers, limit, maxBodyBytes, statuses, client);
    }

    HttpOptions maxBodyBytes(int limit) {
        return new HttpOptions(headers, timeout, limit, statuses, client);
    }

    HttpOptions status(int status, StatusMeaning meaning) {
        Map<Integer, StatusMeaning> more = new HashMap<>(statuses);
        more.put(status, meaning);
        return new HttpOptions(headers, timeout, maxBodyBytes, Map.copyOf(more), client);
    }

    HttpOptions client(HttpClient own) {
        return new HttpOptions(headers, timeout, maxBodyBytes, statuses, own);
    }

    List<Header> headers() {
        return headers;
    }

    Duration timeout() {
        return timeout;
    }

    /** Of one that is longer than a timer can be set to, as long as it can. */
    long timeoutNanos() {
        return Math.min(TimeUnit.NANOSECONDS.convert(timeout), Long.MAX_VALUE / 2);
    }

    int maxBodyBytes() {
        return maxBodyBytes;
    }

    @Nullable
    HttpClient client() {
        return client;
    }

    boolean isValue(int status) {
        return status / 100 == 2 && status != 204 && !isChosen(status);
    }

    /** Whether the user has said what it means. */
    boolean isChosen(int status) {
        return statuses.containsKey(status);
    }

    boolean isFollowed(int status) {
        return !isChosen(status)
                && switch (status) {
                    case 301, 302, 303, 307, 308 -> true;
                    default -> false;
                };
    }

    StatusMeaning meaningOf(int status) {
        StatusMeaning chosen = statuses.get(status);
        if (chosen != null) {
            return chosen;
        }
        return switch (status) {
            case 204, 404, 410 -> NO_ANSWER;
            case 401, 403, 407 -> STAGE_FAILED;
            case 408, 425, 429 -> UNAVAILABLE;
            default -> status >= 500 ? UNAVAILABLE : RECORD_REFUSED;
        };
    }
}
