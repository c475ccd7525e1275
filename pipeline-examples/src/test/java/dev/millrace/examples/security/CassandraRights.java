package dev.millrace.examples.security;

import java.util.List;

// docs:begin
/** What a role of Cassandra must be allowed, by what its pipeline does. */
final class CassandraRights {

    /** A sink. */
    static List<String> sink(String role, String table) {
        return List.of("GRANT MODIFY ON TABLE " + table + " TO " + role);
    }

    /** A table to look rows up in, one by one or preloaded. */
    static List<String> lookup(String role, String table) {
        return List.of("GRANT SELECT ON TABLE " + table + " TO " + role);
    }

    /** A table of states or positions. */
    static List<String> states(String role, String table) {
        return List.of(
                "GRANT SELECT ON TABLE " + table + " TO " + role, "GRANT MODIFY ON TABLE " + table + " TO " + role);
    }
}
// docs:end
