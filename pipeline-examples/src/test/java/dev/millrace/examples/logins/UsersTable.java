package dev.millrace.examples.logins;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BatchStatement;
import com.datastax.oss.driver.api.core.cql.BatchableStatement;
import com.datastax.oss.driver.api.core.cql.DefaultBatchType;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import dev.millrace.examples.TestServers;
import dev.millrace.testkit.CassandraServer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The table as the plain driver sees it. */
final class UsersTable implements AutoCloseable {

    private static final int BATCH = 50;

    private final CqlSession session;

    UsersTable(CassandraServer server) {
        session = TestServers.session(server);
    }

    void drop() {
        session.execute("DROP KEYSPACE IF EXISTS spark_db");
    }

    void add(String loginId, String userName) {
        session.execute("INSERT INTO spark_db.users (login_id, user_name) VALUES (?, ?)", loginId, userName);
    }

    void remove(String loginId) {
        session.execute("DELETE FROM spark_db.users WHERE login_id = ?", loginId);
    }

    void addAll(List<String> loginIds) {
        PreparedStatement insert = session.prepare("INSERT INTO spark_db.users (login_id, user_name) VALUES (?, ?)");
        for (int i = 0; i < loginIds.size(); i += BATCH) {
            session.execute(BatchStatement.newInstance(
                    DefaultBatchType.UNLOGGED,
                    loginIds.subList(i, Math.min(i + BATCH, loginIds.size())).stream()
                            .map(loginId -> insert.bind(loginId, "user " + loginId))
                            .toArray(BatchableStatement<?>[]::new)));
        }
    }

    /** Name and last login by id. */
    Map<String, String> rows() {
        Map<String, String> rows = new TreeMap<>();
        session.execute("SELECT login_id, user_name, last_login FROM spark_db.users")
                .forEach(row -> rows.put(row.getString(0), row.getString(1) + " " + row.getInstant(2)));
        return rows;
    }

    @Override
    public void close() {
        session.close();
    }
}
