package dev.millrace.examples.ratings;

import static java.time.temporal.ChronoUnit.MICROS;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.Set;
import net.datafaker.Faker;

/**
 * Makes ratings up: ten people and Maria, who rate films at random. With a seed they are the same each time, their
 * times included; without one each has the time at which it is made. Nobody rates a film twice in a millisecond, which
 * is as far as Cassandra tells times from each other: each rating is a row of its own.
 */
final class Ratings implements Iterator<Rating> {

    private static final int PEOPLE = 10;
    private static final Instant SEEDED_START = Instant.parse("2025-03-25T09:53:42.472256Z");
    private static final long MAX_STEP_MICROS = Duration.ofMinutes(1).toNanos() / 1_000;

    private final List<String> titles;
    private final List<String> people = new ArrayList<>();
    private final Random random;
    private final boolean isSeeded;
    private final Set<String> madeInThisMilli = new HashSet<>();
    private long left;
    private Instant time = SEEDED_START;
    private long milli;

    private Ratings(List<String> titles, long count, Random random, boolean isSeeded) {
        this.titles = titles;
        this.left = count;
        this.random = random;
        this.isSeeded = isSeeded;
        Faker faker = new Faker(Locale.ENGLISH, random);
        for (int i = 0; i < PEOPLE; i++) {
            people.add(faker.name().fullName());
        }
        people.add("Maria");
    }

    static Ratings seeded(List<String> titles, long count, long seed) {
        return new Ratings(titles, count, new Random(seed), true);
    }

    static Ratings atRandom(List<String> titles, long count) {
        return new Ratings(titles, count, new Random(), false);
    }

    @Override
    public boolean hasNext() {
        return left > 0;
    }

    @Override
    public Rating next() {
        if (left-- <= 0) {
            throw new NoSuchElementException();
        }
        while (true) {
            String user = people.get(random.nextInt(people.size()));
            String movie = titles.get(random.nextInt(titles.size()));
            Rating rating = new Rating(user, movie, 1 + random.nextInt(10), nextTime());
            if (isNew(user, movie, rating.timestamp())) {
                return rating;
            }
        }
    }

    private boolean isNew(String user, String movie, Instant at) {
        if (at.toEpochMilli() != milli) {
            milli = at.toEpochMilli();
            madeInThisMilli.clear();
        }
        return madeInThisMilli.add(user + '|' + movie);
    }

    /** Times that are made up lie a millisecond apart at least. */
    private Instant nextTime() {
        if (!isSeeded) {
            return Instant.now().truncatedTo(MICROS);
        }
        time = time.plus(1_000 + (long) (random.nextDouble() * MAX_STEP_MICROS), MICROS);
        return time;
    }
}
