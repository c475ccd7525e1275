package dev.millrace.examples.logins;

import dev.millrace.examples.Servers;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** The topic and the table of the example, and who is in it. */
final class LoginsSchema {

    static final String TOPIC = "logins";
    static final String TABLE = "spark_db.users";

    static final Map<String, String> USERS = new TreeMap<>(Map.of(
            "100087", "Abdul", "100009", "Alisha", "100001", "Prashant", "100091", "New User", "100094", "shaivi"));
    static final User NEWCOMER = new User("100095", "Newcomer");
    /** Of somebody who is in no table. */
    static final String UNKNOWN_ID = "100404";

    private static final int PARTITIONS = 3;
    private static final String KEYSPACE_CQL = "CREATE KEYSPACE IF NOT EXISTS spark_db"
            + " WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}";
    private static final String TABLE_CQL = "CREATE TABLE IF NOT EXISTS spark_db.users"
            + " (login_id text PRIMARY KEY, user_name text, last_login timestamp)";

    private LoginsSchema() {}

    static void create(Servers servers) throws Exception {
        servers.createTopic(TOPIC, PARTITIONS);
        servers.execute(KEYSPACE_CQL, TABLE_CQL);
        USERS.forEach((loginId, userName) -> add(servers, loginId, userName));
    }

    static void addNewcomer(Servers servers) {
        add(servers, NEWCOMER.loginId(), Objects.requireNonNull(NEWCOMER.userName()));
    }

    /**
     * Unless there is such a user, whose name may have been changed. Leaves the last login alone: a time that is
     * written now counts as newer than every login before now, and those would change it no more.
     */
    private static void add(Servers servers, String loginId, String userName) {
        servers.insert(
                "INSERT INTO spark_db.users (login_id, user_name) VALUES (?, ?) IF NOT EXISTS", loginId, userName);
    }
}
