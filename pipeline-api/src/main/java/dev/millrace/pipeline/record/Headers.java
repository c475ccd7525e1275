package dev.millrace.pipeline.record;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * An ordered list of named byte values that travels with a record, such as Kafka's headers. A name may occur several
 * times; the last one counts, as Kafka has it.
 *
 * <p>Immutable and thread-safe, provided that nobody writes to the arrays that {@link Header#value()} hands out.
 */
public final class Headers implements Iterable<Headers.Header> {

    private static final Headers NONE = new Headers(List.of());

    private final List<Header> entries;

    private Headers(List<Header> entries) {
        this.entries = entries;
    }

    /** No headers at all. */
    public static Headers none() {
        return NONE;
    }

    /** The given headers, in that order. */
    public static Headers of(List<Header> entries) {
        return entries.isEmpty() ? NONE : new Headers(List.copyOf(entries));
    }

    /** These headers with one more at the end. */
    public Headers with(String name, byte[] value) {
        List<Header> more = new ArrayList<>(entries);
        more.add(new Header(name, value));
        return new Headers(List.copyOf(more));
    }

    /** These headers with one more at the end, its value encoded as UTF-8. */
    public Headers with(String name, String value) {
        return with(name, value.getBytes(StandardCharsets.UTF_8));
    }

    /** These headers less all of that name. */
    public Headers without(String name) {
        List<Header> rest =
                entries.stream().filter(header -> !header.name().equals(name)).toList();
        return rest.size() == entries.size() ? this : of(rest);
    }

    /** The value of the last header of that name. */
    public Optional<byte[]> last(String name) {
        for (int i = entries.size() - 1; i >= 0; i--) {
            if (entries.get(i).name().equals(name)) {
                return Optional.of(entries.get(i).value());
            }
        }
        return Optional.empty();
    }

    /** The value of the last header of that name, decoded as UTF-8. */
    public Optional<String> lastText(String name) {
        return last(name).map(value -> new String(value, StandardCharsets.UTF_8));
    }

    /** How many headers there are. */
    public int size() {
        return entries.size();
    }

    @Override
    public Iterator<Header> iterator() {
        return entries.iterator();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Headers that && entries.equals(that.entries);
    }

    @Override
    public int hashCode() {
        return entries.hashCode();
    }

    /** The names only: values may be secret. */
    @Override
    public String toString() {
        return entries.stream().map(Header::name).toList().toString();
    }

    /**
     * One header.
     *
     * @param name its name, not necessarily unique
     * @param value its bytes, not copied
     */
    public record Header(String name, byte[] value) {

        /** Checks that both are there. */
        public Header {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(value, "value");
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Header that && name.equals(that.name) && Arrays.equals(value, that.value);
        }

        @Override
        public int hashCode() {
            return 31 * name.hashCode() + Arrays.hashCode(value);
        }

        @Override
        public String toString() {
            return name;
        }
    }
}
