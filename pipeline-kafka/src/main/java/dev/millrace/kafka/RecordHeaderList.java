package dev.millrace.kafka;

import dev.millrace.pipeline.record.Headers;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;

/** Headers from Kafka's form to the pipeline's and back. */
final class RecordHeaderList {

    private static final byte[] EMPTY = {};

    private RecordHeaderList() {}

    /** A header without value gets an empty one; the pipeline knows no other. */
    static Headers toPipeline(org.apache.kafka.common.header.Headers headers) {
        Header[] each = headers.toArray();
        if (each.length == 0) {
            return Headers.none();
        }
        List<Headers.Header> list = new ArrayList<>(each.length);
        for (Header header : each) {
            list.add(new Headers.Header(header.key(), header.value() == null ? EMPTY : header.value()));
        }
        return Headers.of(list);
    }

    /** What they hold in bytes, names counted by their characters; as part of a record it fits an int. */
    static int size(org.apache.kafka.common.header.Headers headers) {
        int size = 0;
        for (Header header : headers.toArray()) {
            size += header.key().length() + (header.value() == null ? 0 : header.value().length);
        }
        return size;
    }

    static RecordHeaders toKafka(Headers headers) {
        RecordHeaders list = new RecordHeaders();
        for (Headers.Header header : headers) {
            list.add(header.name(), header.value());
        }
        return list;
    }
}
