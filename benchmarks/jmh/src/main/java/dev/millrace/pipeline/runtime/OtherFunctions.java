package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.Enrichers;
import dev.millrace.pipeline.function.ThrowingBiFunction;
import dev.millrace.pipeline.function.ThrowingFunction;
import dev.millrace.pipeline.function.ThrowingPredicate;
import dev.millrace.pipeline.runtime.Purchases.Placed;
import dev.millrace.pipeline.runtime.Purchases.Priced;
import dev.millrace.pipeline.runtime.Purchases.Purchase;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;

/** Shows the JVM functions of other classes in the places where a benchmark calls its own. */
final class OtherFunctions {

    private static final int ROUNDS = 3_000;

    private OtherFunctions() {}

    /** For pipelines and streams alike, so that either calls a class of its own for each lambda. */
    interface Change<T, R> extends Function<T, R>, ThrowingFunction<T, R> {

        @Override
        R apply(T value);
    }

    /** As {@link Change}. */
    interface Test<T> extends Predicate<T>, ThrowingPredicate<T> {

        @Override
        boolean test(T value);
    }

    /** As {@link Change}. */
    interface Join<T, U, R> extends BiFunction<T, U, R>, ThrowingBiFunction<T, U, R> {

        @Override
        R apply(T value, U other);
    }

    static void run(Map<Integer, String> cities) {
        run(
                cities,
                purchase -> new Purchase(purchase.shop() + 1, purchase.cents()),
                purchase -> purchase.cents() % 2 == 0,
                purchase -> new Priced(purchase.cents(), purchase.shop()),
                priced -> priced.shop() / 2,
                (priced, city) -> new Placed(city, 1));
        run(
                cities,
                purchase -> new Purchase(purchase.shop(), purchase.cents() * 2),
                purchase -> purchase.shop() % 3 != 0,
                purchase -> new Priced(purchase.shop() / 2, 1),
                priced -> priced.shop() + 1,
                (priced, city) -> new Placed(city, priced.amount() + 1));
        run(
                cities,
                purchase -> purchase,
                purchase -> true,
                purchase -> new Priced(purchase.shop(), purchase.cents()),
                priced -> (int) priced.amount(),
                (priced, city) -> new Placed("", priced.amount() * 2));
        run(
                cities,
                purchase -> new Purchase(purchase.cents(), purchase.shop()),
                purchase -> purchase.cents() > purchase.shop(),
                purchase -> new Priced(1, purchase.cents()),
                priced -> 7,
                (priced, city) -> new Placed(city, priced.shop()));
    }

    private static void run(
            Map<Integer, String> cities,
            Change<Purchase, Purchase> first,
            Test<Purchase> kept,
            Change<Purchase, Priced> second,
            Change<Priced, Integer> key,
            Join<Priced, String, Placed> joined) {
        List<Purchase> purchases = Purchases.all();
        try (SteppedPipeline pipeline = new SteppedPipeline(
                PipelineRunner.create(),
                from -> from.map(first).filter(kept).map(second).enrichOrDrop(Enrichers.of(cities), key, joined))) {
            double piped = 0;
            double streamed = 0;
            for (int i = 0; i < ROUNDS; i++) {
                piped += pipeline.pass();
                streamed += sum(purchases, first, kept, second, key, cities, joined);
            }
            if (Math.abs(piped - streamed) > 1) {
                throw new IllegalStateException("the pipeline comes to " + piped + ", the stream to " + streamed);
            }
        }
    }

    /** The same as a stream. */
    static double sum(
            List<Purchase> purchases,
            Function<Purchase, Purchase> first,
            Predicate<Purchase> kept,
            Function<Purchase, Priced> second,
            Function<Priced, Integer> key,
            Map<Integer, String> cities,
            BiFunction<Priced, String, Placed> joined) {
        return purchases.stream()
                .map(first)
                .filter(kept)
                .map(second)
                .<Placed>mapMulti((priced, down) -> {
                    String city = cities.get(key.apply(priced));
                    if (city != null) {
                        down.accept(joined.apply(priced, city));
                    }
                })
                .mapToDouble(Placed::amount)
                .sum();
    }
}
