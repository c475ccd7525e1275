package dev.millrace.kafka;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;

/**
 * The properties that the user gave, checked one by one as they come, so that a mistake is told where it is made.
 *
 * @param servers as the clients want them
 * @param known properties that at least one kind of client knows
 * @param custom properties that only something plugged into a client knows
 */
record ClientProperties(String servers, Map<String, Object> known, Map<String, Object> custom) {

    private static final Pattern SERVER =
            Pattern.compile("([A-Z_]+://)?(\\[[0-9a-fA-F:.%]+]|[^:/\\s,@\\[\\]]+):(\\d{1,5})");

    private static final List<ConfigDef> CLIENTS =
            List.of(ConsumerConfig.configDef(), ProducerConfig.configDef(), AdminClientConfig.configDef());

    /** Names whose text values say nothing secret; numbers and booleans never do. */
    private static final Set<String> SHOWN = Set.of(
            "acks",
            "client.id",
            "client.rack",
            "compression.type",
            "group.instance.id",
            "group.protocol",
            "isolation.level",
            "sasl.mechanism",
            "security.protocol",
            "ssl.endpoint.identification.algorithm",
            "ssl.keystore.type",
            "ssl.protocol",
            "ssl.truststore.type");

    private static final Set<ConfigDef.Type> SHOWN_TYPES = Set.of(
            ConfigDef.Type.BOOLEAN,
            ConfigDef.Type.INT,
            ConfigDef.Type.LONG,
            ConfigDef.Type.SHORT,
            ConfigDef.Type.DOUBLE);

    static ClientProperties at(String servers) {
        List<String> each = new ArrayList<>();
        for (String server : Objects.requireNonNull(servers, "servers").split(",", -1)) {
            String trimmed = server.trim();
            if (!SERVER.matcher(trimmed).matches()) {
                // What stands before an @ may be a password.
                String shown = trimmed.substring(trimmed.lastIndexOf('@') + 1);
                throw new IllegalArgumentException("servers must be host:port, several with commas between them, got '"
                        + (shown.length() == trimmed.length() ? shown : "...@" + shown) + "'");
            }
            each.add(trimmed);
        }
        return new ClientProperties(String.join(",", each), Map.of(), Map.of());
    }

    ClientProperties with(String property, Object value) {
        requireNamed(property, value);
        if (!isKnown(property)) {
            throw new IllegalArgumentException("the Kafka clients know no property '" + property
                    + "'; one that is read by something plugged into them goes to withCustom");
        }
        String reason = RefusedProperties.reason(property, value);
        if (reason != null) {
            throw new IllegalArgumentException("property '" + property + "' cannot be set so: " + reason);
        }
        requireValid(property, value);
        return new ClientProperties(servers, plus(known, property, value), custom);
    }

    ClientProperties withCustom(String property, Object value) {
        requireNamed(property, value);
        if (isKnown(property)) {
            throw new IllegalArgumentException(
                    "property '" + property + "' is one that the Kafka clients know; it goes to with");
        }
        return new ClientProperties(servers, known, plus(custom, property, value));
    }

    /** What a client gets that knows the given names. */
    Map<String, Object> knownTo(Set<String> names) {
        Map<String, Object> config = new HashMap<>(custom);
        known.forEach((name, value) -> {
            if (names.contains(name)) {
                config.put(name, value);
            }
        });
        config.put("bootstrap.servers", servers);
        return config;
    }

    private static void requireNamed(String property, Object value) {
        Objects.requireNonNull(property, "property");
        if (value == null) {
            throw new IllegalArgumentException("property '" + property + "' must have a value, got null");
        }
    }

    private static boolean isKnown(String property) {
        return CLIENTS.stream().anyMatch(client -> client.names().contains(property));
    }

    private static void requireValid(String property, Object value) {
        for (ConfigDef client : CLIENTS) {
            ConfigDef.ConfigKey key = client.configKeys().get(property);
            if (key == null) {
                continue;
            }
            try {
                Object parsed = ConfigDef.parseType(property, value, key.type);
                if (key.validator != null) {
                    key.validator.ensureValid(property, parsed);
                }
            } catch (ConfigException e) {
                // Its message repeats the value.
                throw new IllegalArgumentException("property '" + property + "' must be of type " + key.type
                        + (key.validator == null ? "" : " and valid, that is " + key.validator) + ", got a "
                        + value.getClass().getSimpleName() + " that is not");
            }
        }
    }

    private static Map<String, Object> plus(Map<String, Object> properties, String property, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(properties);
        more.put(property, value);
        return Map.copyOf(more);
    }

    private static boolean isShown(String property) {
        return SHOWN.contains(property)
                || CLIENTS.stream()
                        .map(client -> client.configKeys().get(property))
                        .anyMatch(key -> key != null && SHOWN_TYPES.contains(key.type));
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(servers);
        known.keySet().stream()
                .sorted()
                .forEach(name -> text.append(", ")
                        .append(name)
                        .append('=')
                        .append(isShown(name) ? known.get(name) : "[hidden]"));
        custom.keySet().stream()
                .sorted()
                .forEach(name -> text.append(", ").append(name).append("=[hidden]"));
        return text.toString();
    }
}
