package dev.millrace.benchmarks.bench;

import dev.millrace.benchmarks.workload.Catalogue;
import dev.millrace.benchmarks.workload.RatingClock;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Random;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Makes ratings up, the same ones each time, each of a time of its own. */
final class Ratings {

    private static final int USERS = 5_000;
    private static final DateTimeFormatter MICROS = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS");
    private static final int MICROS_IN_MILLI = 1_000;
    private static final int BEST = 10;

    private final Random random = new Random(7);
    private final List<String> titles = Catalogue.titles();
    private long number;

    ProducerRecord<String, String> next(String topic) {
        String user = "User " + (1_000 + random.nextInt(USERS));
        String json = "{\"user\": \"" + user + "\", \"movie\": \"" + titles.get(random.nextInt(titles.size()))
                + "\", \"rating\": " + (1 + random.nextInt(BEST)) + ", \"timestamp\": \""
                + MICROS.format(RatingClock.time(number++, random.nextInt(MICROS_IN_MILLI))) + "\"}";
        return new ProducerRecord<>(topic, user, json);
    }
}
