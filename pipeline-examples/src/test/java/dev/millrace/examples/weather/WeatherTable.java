package dev.millrace.examples.weather;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import dev.millrace.testkit.CassandraServer;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** The table as the plain driver sees it. */
final class WeatherTable {

    private WeatherTable() {}

    static void drop(CassandraServer server) {
        try (CqlSession session = session(server)) {
            session.execute("DROP KEYSPACE IF EXISTS weather");
        }
    }

    /** Country and speed by city. */
    static Map<String, String> rows(CassandraServer server) {
        Map<String, String> rows = new TreeMap<>();
        try (CqlSession session = session(server)) {
            session.execute("SELECT city, country, windspeed FROM weather.weather")
                    .forEach(row -> rows.put(row.getString(0), row.getString(1) + " " + row.getDouble(2)));
        }
        return rows;
    }

    private static CqlSession session(CassandraServer server) {
        return CqlSession.builder()
                .addContactPoint(server.contactPoint())
                .withLocalDatacenter(server.datacenter())
                // Two seconds, as the driver has it, are little for a change of schema on a busy machine.
                .withConfigLoader(DriverConfigLoader.programmaticBuilder()
                        .withDuration(DefaultDriverOption.REQUEST_TIMEOUT, Duration.ofSeconds(30))
                        .build())
                .build();
    }
}
