package dev.millrace.examples.weather;

import com.datastax.oss.driver.api.core.CqlSession;
import dev.millrace.examples.TestServers;
import dev.millrace.testkit.CassandraServer;
import java.util.Map;
import java.util.TreeMap;

/** The table as the plain driver sees it. */
final class WeatherTable {

    private WeatherTable() {}

    static void drop(CassandraServer server) {
        try (CqlSession session = TestServers.session(server)) {
            session.execute("DROP KEYSPACE IF EXISTS weather");
        }
    }

    /** Country and speed by city. */
    static Map<String, String> rows(CassandraServer server) {
        Map<String, String> rows = new TreeMap<>();
        try (CqlSession session = TestServers.session(server)) {
            session.execute("SELECT city, country, windspeed FROM weather.weather")
                    .forEach(row -> rows.put(row.getString(0), row.getString(1) + " " + row.getDouble(2)));
        }
        return rows;
    }
}
