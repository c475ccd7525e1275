package dev.millrace.examples.weather;

import dev.millrace.examples.Servers;

/** The topic and the table of the example. */
final class WeatherSchema {

    static final String TOPIC = "weather";
    static final String TABLE = "weather.weather";

    private static final String KEYSPACE_CQL = "CREATE KEYSPACE IF NOT EXISTS weather"
            + " WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}";
    private static final String TABLE_CQL =
            "CREATE TABLE IF NOT EXISTS weather.weather (city text PRIMARY KEY, country text, windspeed double)";

    private WeatherSchema() {}

    /** One partition: a city's rows come in the order in which they were asked for. */
    static void create(Servers servers) throws Exception {
        servers.createTopic(TOPIC, 1);
        servers.execute(KEYSPACE_CQL, TABLE_CQL);
    }
}
