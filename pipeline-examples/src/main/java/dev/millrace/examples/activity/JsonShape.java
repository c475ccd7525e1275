package dev.millrace.examples.activity;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What JSON values look like: names and types as a tree, of all elements of an array together. */
final class JsonShape {

    private final Set<String> types = new TreeSet<>();
    private final Map<String, JsonShape> properties = new TreeMap<>();
    private @Nullable JsonShape element;
    private long seen;
    private long objects;

    private JsonShape() {}

    static JsonShape of(JsonNode value) {
        JsonShape shape = new JsonShape();
        shape.add(value);
        return shape;
    }

    private void add(JsonNode value) {
        seen++;
        types.add(value.getNodeType().name().toLowerCase(Locale.ROOT));
        if (value.isObject()) {
            objects++;
            value.properties()
                    .forEach(property -> properties
                            .computeIfAbsent(property.getKey(), name -> new JsonShape())
                            .add(property.getValue()));
        } else if (value.isArray() && !value.isEmpty()) {
            JsonShape elements = element == null ? new JsonShape() : element;
            element = elements;
            value.forEach(elements::add);
        }
    }

    /** A line for each name, deeper ones further in; {@code optional} is what some objects do not have. */
    String tree() {
        StringBuilder text = new StringBuilder("root: " + type()).append(System.lineSeparator());
        addChildren(text, "");
        return text.toString();
    }

    private void addChildren(StringBuilder text, String indent) {
        properties.forEach((name, child) -> child.addTo(text, indent, name, child.seen < objects));
        if (element != null) {
            element.addTo(text, indent, "element", false);
        }
    }

    private void addTo(StringBuilder text, String indent, String name, boolean isOptional) {
        text.append(indent)
                .append(" |-- ")
                .append(name)
                .append(": ")
                .append(type())
                .append(isOptional ? " (optional)" : "")
                .append(System.lineSeparator());
        addChildren(text, indent + " |   ");
    }

    private String type() {
        return String.join(" or ", types);
    }
}
