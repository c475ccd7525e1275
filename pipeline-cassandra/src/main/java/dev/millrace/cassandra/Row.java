package dev.millrace.cassandra;

import com.datastax.oss.driver.api.core.cql.BoundStatement;
import java.nio.ByteBuffer;

/**
 * A record made ready to be written.
 *
 * @param write the batch it came in, which hears what became of it
 * @param index its place in that batch
 * @param partitionKey the serialized partition key
 * @param statement the insert
 * @param bytes at least what the server counts towards its limit on batches
 */
record Row(PendingWrite write, int index, ByteBuffer partitionKey, BoundStatement statement, int bytes) {}
