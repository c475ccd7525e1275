/** What the Cassandra driver makes by reflection; not for users. */
@NullMarked
package dev.millrace.cassandra.internal;

import org.jspecify.annotations.NullMarked;
