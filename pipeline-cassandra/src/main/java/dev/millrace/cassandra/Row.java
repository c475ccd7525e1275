package dev.millrace.cassandra;

import com.datastax.oss.driver.api.core.cql.BoundStatement;
import java.nio.ByteBuffer;
import java.util.function.Supplier;

/**
 * A record made ready to be written.
 *
 * @param write the batch it came in, which hears what became of it
 * @param index its place in that batch
 * @param partitionKey as the server has it, all columns of it in one value
 * @param statement gives the insert, each time that it is sent
 * @param bytes at least what the server counts towards its limit on batches
 */
record Row(PendingWrite write, int index, ByteBuffer partitionKey, Supplier<BoundStatement> statement, int bytes) {}
