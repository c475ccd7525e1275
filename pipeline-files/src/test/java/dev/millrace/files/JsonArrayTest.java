package dev.millrace.files;

import static dev.millrace.files.TestContext.CONTEXT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.millrace.json.JsonMapping;
import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.runtime.PipelineFailedException;
import dev.millrace.pipeline.spi.SourceReader;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonArrayTest {

    private static final long FIRST_SEED = Long.getLong("millrace.seed", 1);
    private static final int SEEDS = Integer.getInteger("millrace.seeds", 300);
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    @TempDir
    Path directory;

    record Attempt(String exam, int score) {}

    private Path file(String content) throws Exception {
        return Files.writeString(directory.resolve("attempts.json"), content);
    }

    private Outcome<byte[], JsonNode> trees(String content) throws Exception {
        return Outcome.of(Json.array(file(content)).unwrapped());
    }

    @Test
    void shouldReadEachElementWhenTheFileHoldsOneArray() throws Exception {
        Path file = file("\uFEFF [ {\"exam\":\"A\",\"score\":1}\n,\t{\"score\":2,\"exam\":\"\u00e4\"} ]\n ");

        Reading<Attempt> reading = Reading.of(Json.array(file, Attempt.class));

        assertThat(reading.values()).containsExactly(new Attempt("A", 1), new Attempt("\u00e4", 2));
        assertThat(reading.refused()).isEmpty();
        assertThat(Reading.of(Json.array(file("[]"))).values()).isEmpty();
    }

    @Test
    void shouldReadElementsOfAnyKindWhenTheyAreTrees() throws Exception {
        Outcome<byte[], JsonNode> outcome = trees("[1,-2.5e3 , \"x\\\"],[\",true,false,[[]],{}]");

        assertThat(outcome.values())
                .extracting(JsonNode::toString)
                .containsExactly("1", "-2.5E+3", "\"x\\\"],[\"", "true", "false", "[[]]", "{}");
        assertThat(outcome.problem()).isEqualTo("none");
    }

    @Test
    void shouldRefuseJustTheElementAndNameItsPlaceWhenItIsNoneOfTheType() throws Exception {
        byte[] content = ("[{\"exam\":\"A\",\"score\":1},\n  {\"exam\":\"B\",\"score\":\"2\"}, null,\n"
                        + "{\"exam\":\"\u00ff\",\"score\":3},{\"exam\":\"D\",\"score\":4}]")
                .getBytes(StandardCharsets.ISO_8859_1);
        Path file = Files.write(directory.resolve("attempts.json"), content);

        Reading<Attempt> reading = Reading.of(Json.array(file, Attempt.class));

        assertThat(reading.values()).containsExactly(new Attempt("A", 1), new Attempt("D", 4));
        assertThat(reading.reasons())
                .containsExactly(
                        "attempts.json $[1].score must be an int, got a string",
                        "attempts.json $[2] must be an Attempt, got null",
                        "attempts.json $[3] is no JSON");
        PipelineRecord<?> letter = reading.refused().get(0).original();
        assertThat((byte[]) letter.value()).isEqualTo("{\"exam\":\"B\",\"score\":\"2\"}".getBytes(UTF_8));
        assertThat(letter.key()).isNull();
        assertThat(letter.position()).hasToString("attempts.json@1");
    }

    @Test
    void shouldRefuseJustTheElementWhenItIsLongerThanAllowed() throws Exception {
        String large = "{\"x\":[" + "12345678,".repeat(100_000) + "0]}";
        Path file = file("[{\"x\":[1]}," + large + "," + " ".repeat(50_000) + "{\"x\":[2]}," + large + ",\"z\"]");

        Outcome<byte[], JsonNode> outcome =
                Outcome.of(Json.array(file).maxLength(20_000).unwrapped());

        assertThat(outcome.values())
                .extracting(JsonNode::toString)
                .containsExactly("{\"x\":[1]}", "{\"x\":[2]}", "\"z\"");
        assertThat(outcome.refused())
                .containsExactly(
                        "attempts.json $[1] is longer than 20000 bytes",
                        "attempts.json $[3] is longer than 20000 bytes");
        assertThat(new String(outcome.raw().get(1).value(), UTF_8)).isEqualTo(large.substring(0, 20_001));
        assertThat(outcome.problem()).isEqualTo("none");
    }

    @Test
    void shouldReadElementsWhereverTheyBeginWhenMuchBlankIsBetweenThem() throws Exception {
        for (int blanks = 3_960; blanks < 4_040; blanks++) {
            String gap = " ".repeat(blanks) + ",\n" + " ".repeat(blanks);
            Path file =
                    file("[1" + gap + "1234567890" + gap + "\"x\"" + gap + "false" + gap + "{\"a\":1}" + gap + "2]");

            Outcome<byte[], JsonNode> outcome =
                    Outcome.of(Json.array(file).maxLength(20).unwrapped());

            assertThat(outcome.problem()).as("%d blanks", blanks).isEqualTo("none");
            assertThat(outcome.values())
                    .as("%d blanks", blanks)
                    .extracting(JsonNode::toString)
                    .containsExactly("1", "1234567890", "\"x\"", "false", "{\"a\":1}", "2");
        }
    }

    @Test
    void shouldRefuseJustTheElementWhenOneThingInItIsLongerThanAllowed() throws Exception {
        Path file = file("[1,\"" + "x".repeat(100_000) + "\",{\"" + "n".repeat(100_000) + "\":1}," + "7".repeat(100_000)
                + ",[" + "8".repeat(100_000) + "],2]");

        Outcome<byte[], JsonNode> outcome =
                Outcome.of(Json.array(file).maxLength(20).unwrapped());

        assertThat(outcome.problem()).isEqualTo("none");
        assertThat(outcome.values()).extracting(JsonNode::toString).containsExactly("1", "2");
        assertThat(outcome.refused())
                .hasSize(4)
                .allSatisfy(reason -> assertThat(reason).endsWith(" is longer than 20 bytes"));
        assertThat(outcome.raw().get(3).value()).isEqualTo("7".repeat(21).getBytes(UTF_8));
    }

    @Test
    void shouldDeliverAllWholeElementsAndFailWithThePlaceWhenItIsCutOff() throws Exception {
        Path file = file("[{\"exam\":\"A\",\"score\":1},\n{\"exam\":\"B\",\"score\":2},\n{\"exam\":\"C\",\"sc");
        Reading<Attempt> reading = new Reading<>(new ArrayList<>(), new ArrayList<>());

        assertThatThrownBy(() -> Reading.run(Json.array(file, Attempt.class), reading))
                .isInstanceOf(PipelineFailedException.class)
                .rootCause()
                .hasMessage("attempts.json line 3 (byte 64): the file ends before its array does, after 2 elements");
        assertThat(reading.values()).containsExactly(new Attempt("A", 1), new Attempt("B", 2));
    }

    @Test
    void shouldDeliverWhatComesBeforeAndFailWithThePlaceWhenItIsNoJsonAnyMore() throws Exception {
        assertThat(trees("[1,2,{\"a\":3} oops]").problem())
                .isEqualTo("attempts.json line 1 (byte 13): is no JSON from here on, after 3 elements");
        assertThat(trees("[1,2,{\"a\" 3},4]").values()).hasSize(2);
        assertThat(trees("[1] [2]").problem()).isEqualTo("attempts.json line 1 (byte 4): more follows after the array");
        assertThat(trees("[1] [2]").values()).hasSize(1);
        assertThat(trees("[1,[" + "[".repeat(2_000)).problem())
                .startsWith("attempts.json line 1 (byte 1003): beyond a limit: Document nesting depth")
                .endsWith(", after 1 element");
    }

    @Test
    void shouldEndWithThePlaceWhenOneTextIsTooLargeToBePassedOver() throws Exception {
        String text = "x".repeat(16 << 20);
        Outcome<byte[], JsonNode> passedOver = Outcome.of(
                Json.array(file("[1,\"" + text + "\",2]")).maxLength(20).unwrapped());
        Outcome<byte[], JsonNode> tooLarge = Outcome.of(
                Json.array(file("[1,\"" + text + text + "\",2]")).maxLength(20).unwrapped());

        assertThat(passedOver.values()).extracting(JsonNode::toString).containsExactly("1", "2");
        assertThat(passedOver.refused()).containsExactly("attempts.json $[1] is longer than 20 bytes");
        assertThat(tooLarge.values()).extracting(JsonNode::toString).containsExactly("1");
        assertThat(tooLarge.problem())
                .startsWith("attempts.json line 1 (byte ")
                .contains("): beyond a limit: String value length (")
                .endsWith(", after 1 element");
    }

    @Test
    void shouldReadNoMoreThanItHandsOutWhenTheArrayHasNoEnd() throws Exception {
        byte[] unit = "{\"name of its own\":[12345678,\"\u00e4\"]},".getBytes(UTF_8);
        AtomicLong read = new AtomicLong();
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                throw new UnsupportedOperationException();
            }

            @Override
            public int read(byte[] target, int offset, int length) {
                for (int i = 0; i < length; i++) {
                    long position = read.getAndIncrement() - 1;
                    target[offset + i] = position < 0 ? (byte) '[' : unit[(int) (position % unit.length)];
                }
                return length;
            }
        };
        JsonSource<JsonNode> source = new JsonSource<>(
                FileInput.of("endless.json", () -> endless), JsonForm.ARRAY, JsonMapping.of(JsonNode.class));
        try (SourceReader<byte[]> reader = source.raw().open(CONTEXT)) {
            long elements = 0;
            while (elements < 200_000) {
                for (PipelineRecord<byte[]> record : reader.poll(Duration.ZERO)) {
                    assertThat(record.value().length).isEqualTo(unit.length - 1);
                    elements++;
                }
                assertThat(read.get()).isLessThan(elements * unit.length + 20_000);
            }
        }
    }

    @Test
    void shouldNotOpenWhenItIsNoArray() throws Exception {
        assertThatThrownBy(() -> Json.array(file("{\"a\":1}\n{\"a\":2}\n")).open(CONTEXT))
                .hasMessage("attempts.json must hold a JSON array, it begins with an object;"
                        + " Json.lines(..) reads a file of one object a line");
        assertThatThrownBy(() -> Json.array(file(" \n")).open(CONTEXT))
                .hasMessage("attempts.json must hold a JSON array, it is empty");
        assertThatThrownBy(() -> Json.array(file("name,people\n")).open(CONTEXT))
                .hasMessage("attempts.json line 1 (byte 0): is no JSON from here on, after 0 elements");
    }

    @Test
    void shouldReadAllThatIsWholeWhereverAnyArrayIsCutOff() throws Exception {
        for (long seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
            Random random = new Random(seed);
            List<String> elements = new ArrayList<>();
            StringBuilder text = new StringBuilder(random.nextBoolean() ? "\uFEFF[" : " [");
            List<Integer> ends = new ArrayList<>();
            for (int i = random.nextInt(6); i >= 0; i--) {
                String element = value(random, 3);
                elements.add(element);
                text.append(space(random)).append(element);
                // Where a number ends is known by what follows.
                boolean isNumber = "-0123456789".indexOf(element.charAt(0)) >= 0;
                ends.add(text.toString().getBytes(UTF_8).length + (isNumber ? 1 : 0));
                text.append(space(random)).append(i == 0 ? "]" : ",");
            }
            int arrayEnd = text.toString().getBytes(UTF_8).length;
            byte[] whole = text.append(space(random)).toString().getBytes(UTF_8);
            int length = random.nextInt(4) == 0 ? whole.length : random.nextInt(whole.length);

            Outcome<byte[], JsonNode> outcome =
                    Outcome.of(source(whole, length, random).unwrapped());

            List<String> expected = elements.subList(
                    0, (int) ends.stream().filter(last -> last <= length).count());
            assertThat(outcome.raw().stream().map(record -> new String(record.value(), UTF_8)))
                    .as("bytes of seed %d", seed)
                    .containsExactlyElementsOf(expected);
            List<JsonNode> trees = new ArrayList<>();
            for (String element : expected) {
                trees.add(MAPPER.readTree(element));
            }
            assertThat(outcome.values()).as("values of seed %d", seed).isEqualTo(trees);
            assertThat(outcome.problem()).as("seed %d", seed).matches(length >= arrayEnd ? "none" : "cut\\.json .*");
        }
    }

    /** So many of the bytes, a few at a time. */
    private static JsonSource<JsonNode> source(byte[] content, int length, Random random) {
        InputStream stream = new InputStream() {
            private int position;

            @Override
            public int read() {
                throw new UnsupportedOperationException();
            }

            @Override
            public int read(byte[] target, int offset, int wanted) {
                int count = Math.min(Math.min(wanted, 1 + random.nextInt(30)), length - position);
                System.arraycopy(content, position, target, offset, Math.max(0, count));
                position += count;
                return wanted > 0 && count <= 0 ? -1 : count;
            }
        };
        return new JsonSource<>(FileInput.of("cut.json", () -> stream), JsonForm.ARRAY, JsonMapping.of(JsonNode.class));
    }

    private static String space(Random random) {
        return List.of("", "", " ", "\n", "\r\n\t  ").get(random.nextInt(5));
    }

    private static String value(Random random, int depth) {
        return switch (random.nextInt(depth > 0 ? 7 : 5)) {
            case 0 -> String.valueOf(random.nextInt());
            case 1 -> random.nextInt(1_000) + ".5e1";
            case 2 -> random.nextBoolean() ? "true" : "false";
            case 3 -> "\"" + "\u00e4\uD83D\uDE00]},{[\\\"".repeat(random.nextInt(3)) + "\"";
            case 4 -> "\"" + "x".repeat(random.nextInt(9_000)) + "\"";
            case 5 ->
                "["
                        + String.join(
                                space(random) + ",",
                                Stream.generate(() -> value(random, depth - 1))
                                        .limit(random.nextInt(4))
                                        .toList())
                        + "]";
            default -> "{\"k\":" + value(random, depth - 1) + space(random) + ",\"\u00fc\":" + value(random, 0) + "}";
        };
    }

    @Test
    void shouldTakeNoBadArrayForAGoodOneAndReadEveryGoodOne() throws Exception {
        int good = 0;
        int bad = 0;
        List<Path> files;
        try (Stream<Path> all = Files.list(SharedData.at("badinputs/JSONTestSuite/test_parsing"))) {
            files = all.sorted().toList();
        }
        for (Path file : files) {
            String name = file.getFileName().toString();
            Outcome<byte[], JsonNode> outcome = Outcome.of(Json.array(file).unwrapped());
            boolean isRead = outcome.failure() == null && outcome.refused().isEmpty();
            if (name.startsWith("n_")) {
                assertThat(isRead).as(name).isFalse();
                bad++;
            } else if (name.startsWith("y_")) {
                JsonNode tree = MAPPER.readTree(file.toFile());
                if (tree.isArray()) {
                    // An element that is null is refused, as a line or a message is.
                    assertThat(outcome.problem()).as(name).isEqualTo("none");
                    List<JsonNode> elements = new ArrayList<>();
                    tree.forEach(element -> {
                        if (!element.isNull()) {
                            elements.add(element);
                        }
                    });
                    assertThat(outcome.values()).as(name).isEqualTo(elements);
                    good++;
                } else {
                    assertThat(outcome.problem()).as(name).contains("must hold a JSON array");
                }
            }
        }
        assertThat(bad).isEqualTo(188);
        assertThat(good).isGreaterThan(60);
    }
}
