package dev.millrace.examples.security;

import dev.millrace.console.RunningConsole;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.RuntimeMBeanException;
import org.jspecify.annotations.Nullable;

/** Looks for canaries in what a JVM shows of itself besides logs. Thread-safe. */
final class Search {

    private static final Pattern ID = Pattern.compile("\"id\":(\\d+)");

    private final Canaries canaries;
    private final Set<String> found = new ConcurrentSkipListSet<>();
    private final Set<String> searched = new ConcurrentSkipListSet<>();
    private final HttpClient http = HttpClient.newHttpClient();

    Search(Canaries canaries) {
        this.canaries = canaries;
    }

    /** What must not have been shown, and where. */
    Set<String> found() {
        return new TreeSet<>(found);
    }

    /** Where it was looked. */
    Set<String> searched() {
        return new TreeSet<>(searched);
    }

    void look(String where, @Nullable Object... shown) {
        searched.add(where);
        for (Object each : shown) {
            canaries.anyIn(String.valueOf(each)).ifPresent(told -> found.add(where + ": " + told));
        }
    }

    /** The values, each by its class. */
    void printed(Object... values) {
        for (Object value : values) {
            look(value.getClass().getName(), value);
        }
    }

    /** The messages of the library's own exceptions; of others the text is their authors' choice. */
    void failure(Throwable failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each.getClass().getName().startsWith("dev.millrace.")) {
                look(each.getClass().getName(), each.getMessage());
            }
        }
    }

    void threads() {
        Thread.getAllStackTraces().keySet().forEach(thread -> look("threads", thread.getName()));
    }

    void meters(MeterRegistry registry) {
        registry.getMeters().forEach(meter -> look("meters", meter.getId(), meter.measure()));
    }

    void beans() {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        for (ObjectName name : server.queryNames(null, null)) {
            look("MBeans of " + name.getDomain(), name);
            try {
                for (MBeanAttributeInfo attribute : server.getMBeanInfo(name).getAttributes()) {
                    look("MBeans of " + name.getDomain(), attribute, value(server, name, attribute.getName()));
                }
            } catch (JMException gone) {
                // It is gone, as those of clients that are closed.
            }
        }
    }

    private static String value(MBeanServer server, ObjectName name, String attribute) throws JMException {
        try {
            return Arrays.deepToString(new Object[] {server.getAttribute(name, attribute)});
        } catch (RuntimeMBeanException unsupported) {
            return "";
        }
    }

    /** The page, and what it asks for. */
    void console(RunningConsole console) throws IOException, InterruptedException {
        look("page", get(console.address()));
        URI pipelines = console.address().resolve("/api/pipelines");
        String list = get(pipelines);
        look("console", list);
        for (String id : ID.matcher(list).results().map(match -> match.group(1)).toList()) {
            look("console of a pipeline", get(URI.create(pipelines + "/" + id)));
        }
    }

    private String get(URI address) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString())
                .body();
    }
}
