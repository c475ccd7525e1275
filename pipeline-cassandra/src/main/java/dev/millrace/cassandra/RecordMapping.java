package dev.millrace.cassandra;

import com.datastax.oss.driver.api.core.CqlIdentifier;
import com.datastax.oss.driver.api.core.metadata.schema.ColumnMetadata;
import com.datastax.oss.driver.api.core.metadata.schema.TableMetadata;
import com.datastax.oss.driver.api.core.type.codec.TypeCodec;
import com.datastax.oss.driver.api.core.type.codec.registry.CodecRegistry;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which column each component of a record type belongs to. Immutable. */
record RecordMapping<T>(RecordType<T> type, Map<String, String> renamed, Set<String> left) {

    static <T> RecordMapping<T> of(Class<T> type) {
        return new RecordMapping<>(RecordType.of(type), Map.of(), Set.of());
    }

    RecordMapping<T> column(String component, String column) {
        type.component(component);
        Map<String, String> more = new HashMap<>(renamed);
        more.put(component, column);
        return new RecordMapping<>(type, Map.copyOf(more), left);
    }

    RecordMapping<T> without(String component) {
        type.component(component);
        Set<String> more = new HashSet<>(left);
        more.add(component);
        return new RecordMapping<>(type, renamed, Set.copyOf(more));
    }

    /**
     * The columns of a table that the components fit.
     *
     * @param required columns that must have a component
     * @throws IllegalArgumentException with all that does not fit
     */
    Columns fit(TableName name, TableMetadata table, CodecRegistry registry, Collection<ColumnMetadata> required) {
        List<String> problems = new ArrayList<>();
        List<Columns.Column> columns = new ArrayList<>();
        Map<CqlIdentifier, String> taken = new HashMap<>();
        for (RecordComponent component : type.components()) {
            if (left.contains(component.getName())) {
                continue;
            }
            Optional<ColumnMetadata> found = find(component, table);
            if (found.isEmpty()) {
                problems.add(noColumn(component, table));
                continue;
            }
            String other = taken.put(found.get().getName(), component.getName());
            if (other != null) {
                problems.add("components '" + other + "' and '" + component.getName() + "' both belong to column "
                        + found.get().getName().asCql(true));
            }
            Columns.Column column = fit(component, found.get(), registry);
            if (column == null) {
                problems.add(misfit(component, found.get(), registry));
            } else {
                columns.add(column);
            }
        }
        for (ColumnMetadata column : required) {
            if (!taken.containsKey(column.getName())) {
                problems.add("primary key column " + column.getName().asCql(true) + " has no component");
            }
        }
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(
                    "record " + type.name() + " does not fit table " + name + ": " + String.join("; ", problems));
        }
        return new Columns(name, List.copyOf(columns));
    }

    private Optional<ColumnMetadata> find(RecordComponent component, TableMetadata table) {
        String given = renamed.get(component.getName());
        return given != null
                ? table.getColumn(CqlIdentifier.fromInternal(given))
                : table.getColumn(CqlIdentifier.fromInternal(Names.snakeCase(component.getName())))
                        .or(() -> table.getColumn(CqlIdentifier.fromInternal(component.getName())));
    }

    @SuppressWarnings("unchecked") // the codec was found by the component's type
    private Columns.@Nullable Column fit(RecordComponent component, ColumnMetadata metadata, CodecRegistry registry) {
        TypeCodec<?> codec = Codecs.find(registry, metadata.getType(), component.getGenericType());
        return codec == null
                ? null
                : new Columns.Column(component, type.accessor(component), metadata, (TypeCodec<Object>) codec);
    }

    private String noColumn(RecordComponent component, TableMetadata table) {
        String name = component.getName();
        String wanted = renamed.getOrDefault(name, Names.snakeCase(name));
        List<String> there = table.getColumns().keySet().stream()
                .map(CqlIdentifier::asInternal)
                .toList();
        String hint = Names.closest(wanted, there)
                .map(close -> ", name it with column(\"" + name + "\", \"" + close + "\")")
                .orElse("");
        return "component '" + name + "' has no column '" + wanted + "' among " + there + hint;
    }

    private static String misfit(RecordComponent component, ColumnMetadata column, CodecRegistry registry) {
        return "component '" + component.getName() + "' is " + Codecs.simple(component.getGenericType())
                + ", but column "
                + column.getName().asCql(true) + " is " + column.getType().asCql(false, true) + ", which takes "
                + Codecs.javaTypeFor(registry, column.getType());
    }

    @Override
    public String toString() {
        return type.name() + Arrays.toString(type.components());
    }
}
