/** Functions as the JDK has them, but allowed to throw: what a user hands to a stage. */
@NullMarked
package dev.millrace.pipeline.function;

import org.jspecify.annotations.NullMarked;
