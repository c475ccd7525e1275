package dev.millrace.faults;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;

/** What a pipeline under test is told, as {@code name=value} arguments of its process. Immutable. */
record Settings(Map<String, String> values) {

    Settings {
        values = Map.copyOf(values);
    }

    static Settings parse(String... arguments) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException("an argument must be name=value, got '" + argument + "'");
            }
            values.put(argument.substring(0, equals), argument.substring(equals + 1));
        }
        return new Settings(values);
    }

    Settings with(String name, Object value) {
        Map<String, String> more = new LinkedHashMap<>(values);
        more.put(name, value.toString());
        return new Settings(more);
    }

    List<String> arguments() {
        List<String> arguments = new ArrayList<>();
        values.forEach((name, value) -> arguments.add(name + "=" + value));
        return arguments;
    }

    String text(String name) {
        String value = values.get(name);
        if (value == null) {
            throw new NoSuchElementException("setting '" + name + "' is missing");
        }
        return value;
    }

    String text(String name, String otherwise) {
        return values.getOrDefault(name, otherwise);
    }

    long number(String name, long otherwise) {
        return values.containsKey(name) ? Long.parseLong(text(name)) : otherwise;
    }

    boolean has(String name) {
        return values.containsKey(name);
    }
}
