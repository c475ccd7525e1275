package dev.millrace.cassandra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.data.TupleValue;
import com.datastax.oss.driver.api.core.type.DataTypes;
import dev.millrace.pipeline.spi.Lookup;
import dev.millrace.pipeline.spi.RefusedRecordException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TypesIT {

    enum Category {
        G,
        PG
    }

    record Everything(
            UUID id,
            String text,
            int number,
            Integer boxed,
            long big,
            short small,
            byte tiny,
            boolean flag,
            double precise,
            float rough,
            BigDecimal exact,
            BigInteger huge,
            Instant moment,
            LocalDate day,
            LocalTime time,
            ByteBuffer bytes,
            Category category,
            InetAddress address,
            List<String> names,
            Set<Integer> numbers,
            Map<String, Instant> moments,
            List<Category> categories,
            Map<Category, List<Long>> nested,
            Optional<String> maybe,
            Optional<Integer> absent) {}

    private static final String COLUMNS = "id uuid PRIMARY KEY, text text, number int, boxed int, big bigint,"
            + " small smallint, tiny tinyint, flag boolean, precise double, rough float, exact decimal, huge varint,"
            + " moment timestamp, day date, time time, bytes blob, category text, address inet, names list<text>,"
            + " numbers set<int>, moments map<text, timestamp>, categories list<text>,"
            + " nested map<text, frozen<list<bigint>>>, maybe text, absent int";

    private static Everything everything() throws Exception {
        return new Everything(
                UUID.randomUUID(),
                "ünïcödé 💥",
                Integer.MIN_VALUE,
                7,
                Long.MAX_VALUE,
                Short.MIN_VALUE,
                Byte.MAX_VALUE,
                true,
                Math.PI,
                -0.5f,
                new BigDecimal("123456789012345678901234567890.000000001"),
                BigInteger.TEN.pow(60).negate(),
                Instant.parse("2025-03-25T09:53:42.472Z"),
                LocalDate.of(-1, 2, 28),
                LocalTime.of(23, 59, 59, 999_999_999),
                ByteBuffer.wrap(new byte[] {0, 1, -1}),
                Category.PG,
                InetAddress.getByAddress(new byte[] {127, 0, 0, 1}),
                List.of("b", "a"),
                Set.of(3, 1, 2),
                Map.of("a", Instant.EPOCH),
                List.of(Category.PG, Category.G),
                Map.of(Category.G, List.of(1L, 2L)),
                Optional.of("there"),
                Optional.empty());
    }

    @Test
    void shouldReadBackWhatWasWrittenWhateverItsType() throws Exception {
        String table = TestNode.table(COLUMNS);
        Cassandra cassandra = TestNode.cassandra();
        Everything written = everything();

        Writing.write(cassandra.sink(table, Everything.class), written);

        try (Lookup<Object, Everything> lookup =
                cassandra.table(table, Everything.class).keyedBy("id").open(new TestContext())) {
            assertThat(find(lookup, written.id())).contains(written);
        }
    }

    @Test
    void shouldStoreWhatOtherClientsUnderstand() throws Exception {
        String table = TestNode.table(COLUMNS);
        Everything written = everything();

        Writing.write(TestNode.cassandra().sink(table, Everything.class), written);

        Row row = TestNode.session().execute("SELECT * FROM " + table).one();
        assertThat(row.getString("text")).isEqualTo(written.text());
        assertThat(row.getString("category")).isEqualTo("PG");
        assertThat(row.getInstant("moment")).isEqualTo(written.moment());
        assertThat(row.getBigDecimal("exact")).isEqualTo(written.exact());
        assertThat(row.getLocalTime("time")).isEqualTo(written.time());
        assertThat(row.getList("categories", String.class)).containsExactly("PG", "G");
        assertThat(row.getString("maybe")).isEqualTo("there");
        assertThat(row.isNull("absent")).isTrue();
    }

    record Raw(String id, byte[] bytes, TupleValue pair) {}

    @Test
    void shouldTakeArraysAndTheDriversOwnTypes() throws Exception {
        String table = TestNode.table("id text PRIMARY KEY, bytes blob, pair tuple<int, text>");
        TupleValue pair = DataTypes.tupleOf(DataTypes.INT, DataTypes.TEXT).newValue(1, "one");
        Cassandra cassandra = TestNode.cassandra();

        Writing.write(cassandra.sink(table, Raw.class), new Raw("a", new byte[] {1, 2}, pair));

        try (Lookup<Object, Raw> lookup =
                cassandra.table(table, Raw.class).keyedBy("id").open(new TestContext())) {
            Raw read = find(lookup, "a").orElseThrow();
            assertThat(read.bytes()).containsExactly(1, 2);
            assertThat(read.pair().getString(1)).isEqualTo("one");
        }
    }

    record Counted(String id, int count) {}

    record Categorised(String id, Category category) {}

    record Checked(String id, Integer count) {
        Checked {
            if (count == null || count < 0) {
                throw new IllegalArgumentException("count must not be negative");
            }
        }
    }

    @Test
    void shouldSayWhichColumnWhenARowCannotBeTheRecord() throws Exception {
        String table = TestNode.table("id text PRIMARY KEY, count int, category text");
        TestNode.session().execute("INSERT INTO " + table + " (id, category) VALUES ('a', 'X')");
        Cassandra cassandra = TestNode.cassandra();

        assertThatThrownBy(() -> findOnce(cassandra, table, Counted.class))
                .isInstanceOf(RefusedRecordException.class)
                .hasMessage(
                        "column count must not be null for component 'count' of type int; a type such as Integer can be");
        assertThatThrownBy(() -> findOnce(cassandra, table, Categorised.class))
                .isInstanceOf(RefusedRecordException.class)
                .hasMessage("column category holds what component 'category' of type Category cannot be");
        assertThatThrownBy(() -> findOnce(cassandra, table, Checked.class))
                .isInstanceOf(RefusedRecordException.class)
                .hasMessage("record Checked refused a row of table " + table)
                .hasRootCauseMessage("count must not be negative");
    }

    private static <V extends Record> void findOnce(Cassandra cassandra, String table, Class<V> type) throws Throwable {
        try (Lookup<Object, V> lookup =
                cassandra.table(table, type).keyedBy("id").open(new TestContext())) {
            find(lookup, "a");
        } catch (ExecutionException e) {
            throw e.getCause();
        }
    }

    private static <V> Optional<V> find(Lookup<Object, V> lookup, Object key) throws Exception {
        return lookup.find(key).toCompletableFuture().get(1, TimeUnit.MINUTES);
    }
}
