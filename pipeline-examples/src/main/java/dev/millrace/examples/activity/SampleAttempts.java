package dev.millrace.examples.activity;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.millrace.kafka.JsonSerde;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** Makes attempts up: as many as the original had, at as many exams, a few of which are taken far more often. */
final class SampleAttempts {

    static final int ATTEMPTS = 3_280;
    static final int EXAMS = 103;

    private static final List<String> SUBJECTS = List.of(
            "Algebra",
            "Astronomy",
            "Baking",
            "Beekeeping",
            "Botany",
            "Carpentry",
            "Ceramics",
            "Chess",
            "Cooking",
            "Drawing",
            "Fencing",
            "Gardening",
            "Geology",
            "Knitting",
            "Mapping",
            "Navigation",
            "Origami",
            "Painting",
            "Photography",
            "Sailing",
            "Sewing",
            "Singing",
            "Statistics",
            "Swimming",
            "Weaving",
            "Writing");
    private static final List<String> FORMS =
            List.of("Introduction to %s", "Learning %s", "%s in Practice", "Advanced %s");

    private static final Instant FIRST = Instant.parse("2017-11-21T00:00:00Z");
    private static final long MILLIS = Duration.ofDays(70).toMillis();

    private SampleAttempts() {}

    /** Writes a file that holds one JSON array. */
    static void write(Path file, long seed) throws IOException {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            JsonSerde<Attempt> json = JsonSerde.of(Attempt.class);
            String before = "[";
            for (Attempt attempt : seeded(seed)) {
                out.write(before.getBytes(US_ASCII));
                out.write(json.serializer().serialize("", attempt));
                before = ",\n";
            }
            out.write("]\n".getBytes(US_ASCII));
        }
    }

    static List<Attempt> seeded(long seed) {
        Random random = new Random(seed);
        List<SampleExam> exams = exams(random);
        List<SampleExam> taken = new ArrayList<>(exams);
        while (taken.size() < ATTEMPTS) {
            // The exam at place n is taken a n-th as often as the first.
            int place = (int) Math.pow(EXAMS + 1.0, random.nextDouble()) - 1;
            taken.add(exams.get(place));
        }
        Collections.shuffle(taken, random);
        return taken.stream()
                .map(exam -> exam.attempt(FIRST.plusMillis((long) (random.nextDouble() * MILLIS)), random))
                .toList();
    }

    private static List<SampleExam> exams(Random random) {
        List<String> names = new ArrayList<>();
        for (String form : FORMS) {
            SUBJECTS.forEach(subject -> names.add(String.format(Locale.ROOT, form, subject)));
        }
        Collections.shuffle(names, random);
        return names.subList(0, EXAMS).stream()
                .map(name -> SampleExam.of(name, random))
                .toList();
    }
}
