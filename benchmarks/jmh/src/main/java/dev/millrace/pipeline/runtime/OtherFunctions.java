package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.Enrichers;
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

    static void run(Map<Integer, String> cities) {
        run(
                cities,
                purchase -> new Purchase(purchase.shop() + 1, purchase.cents()),
                purchase -> purchase.cents() % 2 == 0,
                purchase -> new Priced(purchase.cents(), purchase.shop()),
                (priced, city) -> new Placed(city, 1));
        run(
                cities,
                purchase -> new Purchase(purchase.shop(), purchase.cents() * 2),
                purchase -> purchase.shop() % 3 != 0,
                purchase -> new Priced(purchase.shop() / 2, 1),
                (priced, city) -> new Placed(city + "!", priced.amount()));
        run(
                cities,
                purchase -> purchase,
                purchase -> true,
                purchase -> new Priced(purchase.shop(), purchase.cents()),
                (priced, city) -> new Placed("", priced.amount() * 2));
        run(
                cities,
                purchase -> new Purchase(purchase.cents(), purchase.shop()),
                purchase -> purchase.cents() > purchase.shop(),
                purchase -> new Priced(1, purchase.cents()),
                (priced, city) -> new Placed(city, priced.shop()));
    }

    private static void run(
            Map<Integer, String> cities,
            Function<Purchase, Purchase> first,
            Predicate<Purchase> kept,
            Function<Purchase, Priced> second,
            BiFunction<Priced, String, Placed> joined) {
        List<Purchase> purchases = Purchases.all();
        try (SteppedPipeline pipeline = new SteppedPipeline(from -> from.map(first::apply)
                .filter(kept::test)
                .map(second::apply)
                .enrichOrDrop(Enrichers.of(cities), Priced::shop, joined::apply))) {
            double sum = 0;
            for (int i = 0; i < ROUNDS; i++) {
                sum += pipeline.pass();
                sum -= sum(purchases, first, kept, second, cities, joined);
            }
            if (Math.abs(sum) > 1) {
                throw new IllegalStateException("pipeline and stream differ by " + sum);
            }
        }
    }

    /** The same as a stream. */
    static double sum(
            List<Purchase> purchases,
            Function<Purchase, Purchase> first,
            Predicate<Purchase> kept,
            Function<Purchase, Priced> second,
            Map<Integer, String> cities,
            BiFunction<Priced, String, Placed> joined) {
        return purchases.stream()
                .map(first)
                .filter(kept)
                .map(second)
                .<Placed>mapMulti((priced, down) -> {
                    String city = cities.get(priced.shop());
                    if (city != null) {
                        down.accept(joined.apply(priced, city));
                    }
                })
                .mapToDouble(Placed::amount)
                .sum();
    }
}
