/**
 * Reads and writes Parquet: sources and sinks of a pipeline.
 *
 * <p>The jars of Parquet have packages in common, which modules may not. They stay on the class path, which this module
 * comes to read by itself.
 */
module dev.millrace.parquet {
    requires transitive dev.millrace.pipeline;
    requires dev.millrace.files;
    requires static transitive org.jspecify;

    exports dev.millrace.parquet;
}
