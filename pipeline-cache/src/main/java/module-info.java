/** Remembers what has been looked up; begin with {@link dev.millrace.cache.Cached}. */
@SuppressWarnings("module") // those that the inner package is for are built after it
module dev.millrace.cache {
    requires transitive dev.millrace.pipeline;
    requires com.github.benmanes.caffeine;
    requires static transitive org.jspecify;

    exports dev.millrace.cache;
    exports dev.millrace.cache.internal to
            dev.millrace.cassandra;
}
