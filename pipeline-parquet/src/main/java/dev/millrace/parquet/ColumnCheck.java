package dev.millrace.parquet;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Type.Repetition;

/** Whether a file has the columns of a record; what they hold, Carpet looks at. */
final class ColumnCheck {

    private ColumnCheck() {}

    static void check(Path path, GroupType schema, Class<?> type) throws IOException {
        check(path, schema, type, "");
    }

    private static void check(Path path, GroupType schema, Class<?> type, String prefix) throws IOException {
        for (RecordComponent component : type.getRecordComponents()) {
            String name = component.getName();
            if (!schema.containsField(name)) {
                throw new IOException(path + ": has no column '" + prefix + name + "', but "
                        + schema.getFields().stream()
                                .map(field -> "'" + prefix + field.getName() + "'")
                                .collect(Collectors.joining(", ")));
            }
            Type column = schema.getType(name);
            if (component.getType().isPrimitive() && column.isRepetition(Repetition.OPTIONAL)) {
                throw new IOException(path + ": column '" + prefix + name
                        + "' may be empty, so the component must be able to be null, but is "
                        + component.getType().getName());
            }
            if (component.getType().isRecord() && !column.isPrimitive()) {
                check(path, column.asGroupType(), component.getType(), prefix + name + ".");
            }
        }
    }
}
