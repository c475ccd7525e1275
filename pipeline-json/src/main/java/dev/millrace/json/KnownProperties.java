package dev.millrace.json;

import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyName;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The names that types give to what they hold, in contrast to keys of maps and whatever else is made up. */
final class KnownProperties {

    private final ObjectMapper mapper;
    private final Map<Class<?>, Set<String>> names = new ConcurrentHashMap<>();

    KnownProperties(ObjectMapper mapper) {
        this.mapper = mapper;
    }

    /**
     * Whether a name is one of a type.
     *
     * @param holder the type, or a value of it
     */
    boolean contain(@Nullable Object holder, String name) {
        if (holder == null || holder instanceof Map) {
            return false;
        }
        Class<?> type = holder instanceof Class<?> itself ? itself : holder.getClass();
        return names.computeIfAbsent(type, this::namesOf).contains(name);
    }

    /** As they are read and as they are written. */
    private Set<String> namesOf(Class<?> type) {
        Set<String> found = new HashSet<>();
        DeserializationConfig reading = mapper.getDeserializationConfig();
        add(found, reading.introspect(mapper.constructType(type)));
        add(found, mapper.getSerializationConfig().introspect(mapper.constructType(type)));
        return found;
    }

    private static void add(Set<String> names, BeanDescription description) {
        description.findProperties().forEach(property -> {
            names.add(property.getName());
            property.findAliases().stream().map(PropertyName::getSimpleName).forEach(names::add);
        });
    }
}
