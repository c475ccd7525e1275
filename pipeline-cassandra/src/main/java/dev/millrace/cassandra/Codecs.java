package dev.millrace.cassandra;

import com.datastax.oss.driver.api.core.type.DataType;
import com.datastax.oss.driver.api.core.type.DataTypes;
import com.datastax.oss.driver.api.core.type.ListType;
import com.datastax.oss.driver.api.core.type.MapType;
import com.datastax.oss.driver.api.core.type.SetType;
import com.datastax.oss.driver.api.core.type.codec.CodecNotFoundException;
import com.datastax.oss.driver.api.core.type.codec.ExtraTypeCodecs;
import com.datastax.oss.driver.api.core.type.codec.TypeCodec;
import com.datastax.oss.driver.api.core.type.codec.TypeCodecs;
import com.datastax.oss.driver.api.core.type.codec.registry.CodecRegistry;
import com.datastax.oss.driver.api.core.type.reflect.GenericType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds what translates a Java type to a column's type and back. */
final class Codecs {

    private Codecs() {}

    /**
     * What the session's registry has, and besides: {@code byte[]} for blobs, enums by name for text, {@code Optional},
     * and collections of these. {@code null} where the types do not fit.
     */
    static @Nullable TypeCodec<?> find(CodecRegistry registry, DataType column, Type java) {
        TypeCodec<?> own = own(registry, column, java);
        if (own != null) {
            return own;
        }
        try {
            return registry.codecFor(column, GenericType.of(java).wrap());
        } catch (CodecNotFoundException | IllegalArgumentException e) {
            return null;
        }
    }

    private static @Nullable TypeCodec<?> own(CodecRegistry registry, DataType column, Type java) {
        if (java == byte[].class && column.equals(DataTypes.BLOB)) {
            return ExtraTypeCodecs.BLOB_TO_ARRAY;
        }
        if (java instanceof Class<?> type && type.isEnum() && column.equals(DataTypes.TEXT)) {
            return enumNames(type);
        }
        return java instanceof ParameterizedType type ? composed(registry, column, type) : null;
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static TypeCodec<?> enumNames(Class<?> type) {
        return ExtraTypeCodecs.enumNamesOf((Class<? extends Enum>) type);
    }

    private static @Nullable TypeCodec<?> composed(CodecRegistry registry, DataType column, ParameterizedType java) {
        Type raw = java.getRawType();
        Type first = java.getActualTypeArguments()[0];
        if (raw == Optional.class) {
            TypeCodec<?> inner = find(registry, column, first);
            return inner == null ? null : ExtraTypeCodecs.optionalOf(inner);
        }
        if (raw == List.class && column instanceof ListType list) {
            TypeCodec<?> inner = find(registry, list.getElementType(), first);
            return inner == null ? null : TypeCodecs.listOf(inner);
        }
        if (raw == Set.class && column instanceof SetType set) {
            TypeCodec<?> inner = find(registry, set.getElementType(), first);
            return inner == null ? null : TypeCodecs.setOf(inner);
        }
        if (raw == Map.class && column instanceof MapType map) {
            TypeCodec<?> keys = find(registry, map.getKeyType(), first);
            TypeCodec<?> values = find(registry, map.getValueType(), java.getActualTypeArguments()[1]);
            return keys == null || values == null ? null : TypeCodecs.mapOf(keys, values);
        }
        return null;
    }

    /** What a component for that column should be declared as. */
    static String javaTypeFor(CodecRegistry registry, DataType column) {
        try {
            return javaTypeFor(registry.codecFor(column));
        } catch (CodecNotFoundException e) {
            return "a type with a codec of its own";
        }
    }

    static String javaTypeFor(TypeCodec<?> codec) {
        return simple(codec.getJavaType().getType());
    }

    /** A type's name without packages. */
    static String simple(Type type) {
        return type.getTypeName().replaceAll("\\b[a-z][\\w]*\\.|\\b[\\w.$]+\\$", "");
    }
}
