/** What connectors with a cache of their own are made of. It is for them alone, and may change at any time. */
@NullMarked
package dev.millrace.cache.internal;

import org.jspecify.annotations.NullMarked;
