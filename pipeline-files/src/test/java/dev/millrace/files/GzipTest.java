package dev.millrace.files;

import static dev.millrace.files.TestContext.CONTEXT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class GzipTest {

    record City(String name) {}

    private static byte[] packed(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(UTF_8));
        }
        return bytes.toByteArray();
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            bytes.writeBytes(part);
        }
        return bytes.toByteArray();
    }

    private static CsvSource<City> source(byte[]... parts) {
        return Csv.stream("cities.csv", () -> stream(parts), City.class);
    }

    /** A part a read, and never more that is known to be available, as of a network. */
    private static InputStream stream(byte[]... parts) {
        List<InputStream> streams = new ArrayList<>();
        for (byte[] part : parts) {
            streams.add(new ByteArrayInputStream(part));
        }
        return new SequenceInputStream(Collections.enumeration(streams)) {
            @Override
            public int available() {
                return 0;
            }
        };
    }

    private static List<City> cities(byte[]... parts) throws Exception {
        return Reading.of(source(parts)).values();
    }

    private static String failure(byte[]... parts) throws Exception {
        return Outcome.of(source(parts).unwrapped()).problem();
    }

    @Test
    void shouldReadEachMemberWhereverTheStreamPauses() throws Exception {
        byte[] first = packed("name\nOslo\n");
        byte[] second = packed("Rome\n");
        byte[] all = joined(first, second, packed(""), packed("Bern\n"));

        assertThat(cities(all)).extracting(City::name).containsExactly("Oslo", "Rome", "Bern");
        for (int pause = 1; pause < all.length; pause++) {
            byte[] head = Arrays.copyOf(all, pause);
            byte[] tail = Arrays.copyOfRange(all, pause, all.length);
            assertThat(cities(head, tail))
                    .as("pause at %d", pause)
                    .extracting(City::name)
                    .containsExactly("Oslo", "Rome", "Bern");
        }
    }

    @Test
    void shouldFailWhereverTheLastMemberIsCutOff() throws Exception {
        byte[] first = packed("name\nOslo\n");
        byte[] all = joined(first, packed("Rome\n"));

        for (int length = first.length + 1; length < all.length; length++) {
            byte[] cut = Arrays.copyOf(all, length);
            assertThat(failure(cut)).as("cut at %d", length).endsWith(": its gzip data is cut off");
        }
    }

    @Test
    void shouldFailWhenWhatFollowsIsNoMember() throws Exception {
        byte[] first = packed("name\nOslo\n");

        assertThat(failure(first, new byte[] {'x'})).endsWith(": what follows its gzip data is none");
        assertThat(failure(first, "something else that is as long as a member".getBytes(UTF_8)))
                .endsWith(": what follows its gzip data is none");
    }

    @Test
    void shouldFailWhenTheDataIsDamaged() throws Exception {
        byte[] packed = packed("name\nOslo\n");
        packed[packed.length - 5] ^= 1;
        assertThat(failure(packed)).endsWith(": its gzip data is damaged");
        packed[packed.length - 5] ^= 1;
        packed[packed.length - 1] ^= 1;
        assertThat(failure(packed)).endsWith(": its gzip data is damaged");
    }

    @Test
    void shouldPassOverAllThatAHeaderMayHold() throws Exception {
        byte[] plain = packed("name\nOslo\n");
        byte[] header = {0x1f, (byte) 0x8b, 8, 2 + 4 + 8 + 16, 0, 0, 0, 0, 0, 0, 3, 0, 1, 2, 3, 'n', 0, 'c', 0};
        CRC32 crc = new CRC32();
        crc.update(header);
        byte[] check = {(byte) crc.getValue(), (byte) (crc.getValue() >> 8)};
        byte[] data = Arrays.copyOfRange(plain, 10, plain.length);

        assertThat(cities(joined(header, check, data))).containsExactly(new City("Oslo"));
    }

    @Test
    void shouldNotOpenAndNameTheFileWhenTheHeaderIsCutOff() {
        byte[] cut = {0x1f, (byte) 0x8b, 8};

        assertThatThrownBy(() -> source(cut).open(CONTEXT))
                .isInstanceOf(IOException.class)
                .hasMessage("cities.csv: its gzip data is cut off");
    }
}
