/** What connectors promise to the engine, as JUnit tests that an implementation inherits. */
@NullMarked
package dev.millrace.testkit.contract;

import org.jspecify.annotations.NullMarked;
