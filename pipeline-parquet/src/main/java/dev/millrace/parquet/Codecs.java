package dev.millrace.parquet;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.CodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.jspecify.annotations.Nullable;
import org.xerial.snappy.Snappy;

/**
 * What packs and unpacks pages. The codecs that are common, without those of Hadoop, which look for native libraries of
 * Hadoop's and warn that there are none; the others by these.
 */
final class Codecs implements CompressionCodecFactory {

    private static final int BUFFER_SIZE = 1 << 16;

    /**
     * Unpacked. Programs make pages of about a MiB, and those that make one of a whole column chunk, such as
     * fastparquet, of 500 at most; what a file says of itself may be anything.
     */
    private static final int LARGEST_PAGE = 1 << 29;

    private final int largestPage;
    private @Nullable CompressionCodecFactory others;

    Codecs() {
        this(LARGEST_PAGE);
    }

    Codecs(int largestPage) {
        this.largestPage = largestPage;
    }

    /** Packs the bytes of a page. */
    private interface Coding {

        byte[] of(byte[] bytes) throws IOException;
    }

    @Override
    public BytesInputCompressor getCompressor(CompressionCodecName name) {
        return switch (name) {
            case UNCOMPRESSED -> new Packing(name, bytes -> bytes);
            case GZIP -> new Packing(name, Codecs::gzip);
            case SNAPPY -> new Packing(name, Snappy::compress);
            case ZSTD -> new Packing(name, Zstd::compress);
            default -> others().getCompressor(name);
        };
    }

    @Override
    public BytesInputDecompressor getDecompressor(CompressionCodecName name) {
        return new Limited(decompressor(name), largestPage);
    }

    private BytesInputDecompressor decompressor(CompressionCodecName name) {
        return switch (name) {
            case UNCOMPRESSED -> new Unpacking((bytes, size) -> bytes);
            case GZIP -> new Unpacking(Codecs::gunzip);
            case SNAPPY -> new Unpacking(Codecs::unsnap);
            case ZSTD -> new Unpacking(Zstd::decompress);
            default -> others().getDecompressor(name);
        };
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(bytes);
        }
        return packed.toByteArray();
    }

    private static byte[] gunzip(byte[] bytes, int size) throws IOException {
        try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            // One more shows that there is more.
            return gzip.readNBytes(Math.addExact(size, 1));
        }
    }

    private static byte[] unsnap(byte[] bytes, int size) throws IOException {
        // What a damaged page says of its length is not to be believed, nor to be made room for.
        return Snappy.uncompressedLength(bytes) == size ? Snappy.uncompress(bytes) : new byte[0];
    }

    private CompressionCodecFactory others() {
        if (others == null) {
            others = new CodecFactory(new PlainParquetConfiguration(), BUFFER_SIZE);
        }
        return others;
    }

    @Override
    public void release() {
        if (others != null) {
            others.release();
        }
    }

    private record Packing(CompressionCodecName name, Coding coding) implements BytesInputCompressor {

        @Override
        public BytesInput compress(BytesInput bytes) throws IOException {
            return BytesInput.from(coding.of(bytes.toInputStream().readAllBytes()));
        }

        @Override
        public CompressionCodecName getCodecName() {
            return name;
        }

        @Override
        public void release() {}
    }

    /** Unpacks the bytes of a page, of which the file says how many they become. */
    private interface Decoding {

        byte[] of(byte[] bytes, int size) throws IOException;
    }

    private record Unpacking(Decoding decoding) implements BytesInputDecompressor {

        @Override
        public BytesInput decompress(BytesInput bytes, int size) throws IOException {
            return BytesInput.from(unpacked(bytes.toInputStream().readAllBytes(), size));
        }

        @Override
        public void decompress(ByteBuffer input, int packedSize, ByteBuffer output, int size) throws IOException {
            byte[] bytes = new byte[packedSize];
            input.get(bytes);
            output.put(unpacked(bytes, size));
        }

        private byte[] unpacked(byte[] bytes, int size) throws IOException {
            byte[] unpacked = decoding.of(bytes, size);
            if (unpacked.length != size) {
                throw new IOException("a page must have " + size + " bytes, and has " + unpacked.length);
            }
            return unpacked;
        }

        @Override
        public void release() {}
    }

    /** Makes no room for a page that the file says is larger than any. */
    private record Limited(BytesInputDecompressor decompressor, int largestPage) implements BytesInputDecompressor {

        @Override
        public BytesInput decompress(BytesInput bytes, int size) throws IOException {
            check(size);
            return decompressor.decompress(bytes, size);
        }

        @Override
        public void decompress(ByteBuffer input, int packedSize, ByteBuffer output, int size) throws IOException {
            check(size);
            decompressor.decompress(input, packedSize, output, size);
        }

        private void check(int size) throws IOException {
            if (size < 0 || size > largestPage) {
                throw new IOException("a page must have at most " + largestPage + " bytes, and has " + size);
            }
        }

        @Override
        public void release() {
            decompressor.release();
        }
    }
}
