package dev.millrace.cassandra;

import dev.millrace.pipeline.spi.StateStore;
import dev.millrace.testkit.contract.StateStoreContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class StatesContractIT extends StateStoreContract {

    /** As the documentation has it. */
    static final String COLUMNS = """
            pipeline text,
            stage text,
            partition text,
            key blob,
            position bigint,
            state blob,
            PRIMARY KEY ((pipeline, stage, partition), key)""";

    private static Cassandra cassandra;
    private static String table;
    private static SharedSession.Lease session;

    /** One session for all tests. */
    @BeforeAll
    static void connect() {
        cassandra = TestNode.cassandra();
        table = TestNode.table(COLUMNS);
        session = cassandra.lease();
    }

    @AfterAll
    static void disconnect() {
        session.close();
    }

    @Override
    protected StateStore store() {
        return cassandra.states(table);
    }
}
