package dev.millrace.examples.ratings;

import dev.millrace.examples.Servers;

/** The topics and the table of the example. */
final class RatingsSchema {

    static final String TOPIC = "ratings";
    static final String DEAD_LETTERS = "ratings-dlq";
    static final String TABLE = "netflix.ratings";

    private static final int PARTITIONS = 4;
    private static final String KEYSPACE_CQL = "CREATE KEYSPACE IF NOT EXISTS netflix"
            + " WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}";
    private static final String TABLE_CQL = """
            CREATE TABLE IF NOT EXISTS netflix.ratings (
              user_name text, rating_timestamp timestamp, movie_name text,
              director text, country text, release_year int, rating_category text, duration int, show_id text, rating int,
              PRIMARY KEY ((user_name), rating_timestamp, movie_name)
            ) WITH CLUSTERING ORDER BY (rating_timestamp DESC)""";

    private RatingsSchema() {}

    static void create(Servers servers) throws Exception {
        servers.createTopic(TOPIC, PARTITIONS);
        servers.createTopic(DEAD_LETTERS, 1);
        servers.execute(KEYSPACE_CQL, TABLE_CQL);
    }
}
