package dev.millrace.examples.security;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.ResultSet;
import dev.millrace.cassandra.Cassandra;
import dev.millrace.examples.TestServers;
import dev.millrace.testkit.CassandraServer;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/** A node that asks for passwords, and allows its users what they have been given the right to and nothing else. */
final class SecuredCassandra implements AutoCloseable {

    private final CassandraServer server;
    private final CqlSession administrator;

    private SecuredCassandra(CassandraServer server, CqlSession administrator) {
        this.server = server;
        this.administrator = administrator;
    }

    /** With a keyspace {@code shop}. */
    static SecuredCassandra start(Map<String, String> properties) {
        CassandraServer.Builder builder = CassandraServer.builder()
                .property("authenticator", "PasswordAuthenticator")
                .property("authorizer", "CassandraAuthorizer")
                .property("permissions_validity", "0ms")
                .property("roles_validity", "0ms")
                .property("credentials_validity", "0ms")
                .property("write_request_timeout", "3m")
                .property("read_request_timeout", "3m")
                .property("range_request_timeout", "3m")
                .property("truncate_request_timeout", "3m");
        properties.forEach(builder::property);
        CassandraServer server = builder.start();
        Assumptions.assumeFalse(server.isExternal(), "only a node of our own asks for these passwords");
        CqlSession administrator = TestServers.superuser(() -> TestServers.patientSession(server));
        administrator.execute(
                "CREATE KEYSPACE shop WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}");
        return new SecuredCassandra(server, administrator);
    }

    Cassandra as(String user, String password) {
        return Cassandra.at(TestServers.address(server))
                .credentials(user, password)
                .configure(TestServers::patient);
    }

    /** As the superuser. */
    ResultSet execute(String statement, Object... values) {
        return administrator.execute(statement, values);
    }

    void user(String name, String password) {
        execute("CREATE ROLE " + name + " WITH LOGIN = true AND PASSWORD = '" + password + "'");
    }

    @Override
    public void close() {
        administrator.close();
        server.close();
    }
}
