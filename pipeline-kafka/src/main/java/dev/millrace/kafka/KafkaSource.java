package dev.millrace.kafka;

import dev.millrace.pipeline.spi.DecodedSource;
import dev.millrace.pipeline.spi.Source;
import dev.millrace.pipeline.spi.SourceContext;
import dev.millrace.pipeline.spi.SourceReader;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;

/**
 * The records of one or more Kafka topics.
 *
 * <p><b>Group.</b> By default the source joins a consumer group, named like the pipeline unless {@link #group} says
 * otherwise, and shares the topics' partitions with the group's other members: start the same pipeline twice, and each
 * reads about half. Offsets are committed up to what is done, with their leader epochs, and never by the client itself.
 * A source of given {@link #partitions} or {@linkplain #untilEnd one that ends} joins no group; it commits to, and goes
 * on from, the group that {@link #group} names, and without one it commits nothing and each start begins where
 * {@link #from} says.
 *
 * <p><b>Done beyond the offset.</b> Where every sink orders by key or not at all and no stage changes keys, each commit
 * says in its metadata, of at most 4,096 bytes, which records beyond the offset are done. A restart passes them over; a
 * record that is stuck has only its own key's records come again. Metadata of others is ignored.
 *
 * <p><b>Decoding</b> happens in the pipeline's workers. A record that the deserializer refuses, or that has no value,
 * is a failed record of its own: reading goes on, and its dead letter holds the bytes as they came. A deserializer that
 * cannot reach what it needs, such as a schema registry, says so by a {@code RetriableException} of Kafka or an
 * {@link dev.millrace.pipeline.spi.UnavailableException}: no record is to blame then, and the pipeline ends in FAILED,
 * or begins anew as {@link dev.millrace.pipeline.runtime.PipelineRunner#restart} says. Several workers decode at once.
 * Deserializers of the Kafka clients and of {@link JsonSerde} allow for that; any other is called by one thread at a
 * time, unless {@link #decodingConcurrently} says that it may be called by several.
 *
 * <p><b>Keys</b> are byte arrays, or what the deserializer given to {@link #keys} makes of them. A header without value
 * has an empty one in the pipeline. Partitions are named like {@code ratings-3}; the timestamp is the record's own.
 *
 * <p><b>Starting</b> fails with one line if no broker is reachable within 10 s, if a topic does not exist, or if the
 * group may not be read. Once running, a cluster that is gone is waited for; authentication or authorization that is
 * refused ends the pipeline.
 *
 * <p><b>Data loss.</b> A pipeline ends in FAILED, by default, where records are gone that it has not read: because they
 * outlived the topic's retention, because the log was truncated, or because the topic was deleted and another one
 * created under its name. The last is looked for every 10 s, or each {@code metadata.max.age.ms} if that is less; and
 * since each commit says which topic it is of, a restart refuses offsets of the former one. Listeners are told of the
 * partition, such as {@code ratings-3}, and the first and last offset that are gone. See {@link #continueOnDataLoss}. A
 * topic that is deleted and not created again is waited for, while others are read on; the log and the pipeline's
 * health say so.
 *
 * <p><b>A preview</b> reads what there is when it begins, from where the pipeline would begin for the first time. It
 * joins no group and commits nothing, so it may look at a topic that is being read.
 *
 * <p>Immutable and thread-safe; each method returns a changed copy.
 *
 * @param <T> type of the values
 */
public final class KafkaSource<T> implements Source<T> {

    private final SourceOptions options;
    private final RecordDecoder<T> decoder;

    private KafkaSource(SourceOptions options, RecordDecoder<T> decoder) {
        this.options = options;
        this.decoder = decoder;
    }

    static <T> KafkaSource<T> of(ClientProperties cluster, List<String> topics, Deserializer<T> values) {
        return new KafkaSource<>(SourceOptions.of(cluster, topics), RecordDecoder.of(values));
    }

    /** Where to begin what the group has not read yet; by default {@link StartPosition#earliest()}. */
    public KafkaSource<T> from(StartPosition start) {
        return new KafkaSource<>(options.start(Objects.requireNonNull(start, "start")), decoder);
    }

    /** The group whose offsets to go on from and to commit to; by default named like the pipeline. */
    public KafkaSource<T> group(String name) {
        return new KafkaSource<>(options.group(Objects.requireNonNull(name, "name")), decoder);
    }

    /** These partitions of each topic, all of them ours: no group is joined, and nobody takes them away. */
    public KafkaSource<T> partitions(int... numbers) {
        if (numbers.length == 0 || Arrays.stream(numbers).anyMatch(number -> number < 0)) {
            throw new IllegalArgumentException(
                    "numbers must be one or more partitions, none negative, got " + Arrays.toString(numbers));
        }
        return new KafkaSource<>(
                options.partitions(Arrays.stream(numbers).distinct().boxed().toList()), decoder);
    }

    /**
     * Up to the end that each partition has at the start, where the pipeline then stops by itself; records that come
     * later are not read. All partitions are read by this source alone. Under read_committed, an end is where the first
     * transaction begins that is still open.
     */
    public KafkaSource<T> untilEnd() {
        return new KafkaSource<>(options.untilEnd(), decoder);
    }

    /** With keys in the given format rather than as byte arrays. */
    public KafkaSource<T> keys(Serde<?> keys) {
        return keys(keys.deserializer());
    }

    /** With keys made by a deserializer rather than as byte arrays. A key that it refuses makes a failed record. */
    public KafkaSource<T> keys(Deserializer<?> keys) {
        return new KafkaSource<>(options, decoder.keys(keys));
    }

    /** Drops records without value, as deletions in a compacted topic; by default such a record has failed. */
    public KafkaSource<T> skipTombstones() {
        return new KafkaSource<>(options, decoder.skippingTombstones());
    }

    /** Says that the given deserializers may be called by several threads at once. */
    public KafkaSource<T> decodingConcurrently() {
        return new KafkaSource<>(options, decoder.concurrent());
    }

    /**
     * Goes on where records are gone that were not read: from the first record still there, or from where a truncated
     * log became another one, or from the first record of a topic that was created again. By default the pipeline ends
     * in FAILED. Either way listeners and the log are told what is gone, see
     * {@link dev.millrace.pipeline.runtime.PipelineListener#onDataLoss}.
     */
    public KafkaSource<T> continueOnDataLoss() {
        return new KafkaSource<>(options.skippingLostData(), decoder);
    }

    @Override
    public DecodedSource<ConsumerRecord<byte[], byte[]>, T> unwrapped() {
        return new DecodedSource<>(new RawSource(options), decoder);
    }

    @Override
    public SourceReader<T> open(SourceContext context) throws Exception {
        return unwrapped().open(context);
    }

    @Override
    public String describe() {
        return new RawSource(options).describe();
    }

    @Override
    public String toString() {
        return "KafkaSource[" + describe() + "]";
    }
}
