/** Reads and writes files: sources, sinks and tables of a pipeline. */
@SuppressWarnings("module") // those that the inner package is for are built after it
module dev.millrace.files {
    requires transitive dev.millrace.pipeline;
    requires transitive com.fasterxml.jackson.databind;
    requires dev.millrace.json;
    requires org.apache.commons.csv;
    requires static transitive org.jspecify;

    exports dev.millrace.files;
    exports dev.millrace.files.internal to
            dev.millrace.parquet;
}
