package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.record.PipelineRecord;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The values of the benchmarks of chains, and the functions that all of them apply. */
final class Purchases {

    /** As many as a poll brings. */
    static final int COUNT = 500;

    private static final int SHOPS = 1_000;
    private static final int SMALL = 40;

    private Purchases() {}

    record Purchase(int shop, int cents) {}

    record Priced(int shop, double amount) {}

    record Placed(String city, double amount) {}

    static List<Purchase> all() {
        return IntStream.range(0, COUNT)
                .mapToObj(i -> new Purchase(i * 7 % SHOPS, i))
                .toList();
    }

    static List<PipelineRecord<Purchase>> records() {
        List<Purchase> all = all();
        return IntStream.range(0, COUNT)
                .mapToObj(i -> PipelineRecord.of(all.get(i), "0", i))
                .toList();
    }

    /** A city for nine shops of ten. */
    static Map<Integer, String> cities() {
        Map<Integer, String> cities = new HashMap<>();
        for (int shop = 0; shop < SHOPS; shop++) {
            if (shop % 10 != 0) {
                cities.put(shop, "city " + shop % 97);
            }
        }
        return cities;
    }

    static Purchase taxed(Purchase purchase) {
        return new Purchase(purchase.shop, purchase.cents + purchase.cents / 5);
    }

    static boolean isLarge(Purchase purchase) {
        return purchase.cents >= SMALL;
    }

    static Priced priced(Purchase purchase) {
        return new Priced(purchase.shop, purchase.cents / 100.0);
    }

    static Placed placed(Priced priced, String city) {
        return new Placed(city, priced.amount());
    }
}
