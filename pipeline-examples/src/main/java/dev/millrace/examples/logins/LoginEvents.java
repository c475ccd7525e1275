package dev.millrace.examples.logins;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Makes logins up: anybody's, at any second of a day and in no order of time, the same for the same seed. */
final class LoginEvents {

    private static final Instant DAY = Instant.parse("2020-09-18T00:00:00Z");
    private static final int SECONDS = 86_400;

    private LoginEvents() {}

    static List<Login> seeded(long seed, int count, List<String> loginIds) {
        Random random = new Random(seed);
        List<Login> logins = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            logins.add(
                    new Login(DAY.plusSeconds(random.nextInt(SECONDS)), loginIds.get(random.nextInt(loginIds.size()))));
        }
        return logins;
    }
}
