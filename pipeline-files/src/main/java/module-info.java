/** Reads and writes files: sources, sinks and tables. */
module dev.millrace.files {
    exports dev.millrace.files;

    requires transitive dev.millrace.pipeline;
    requires org.apache.commons.csv;
    requires static transitive org.jspecify;
}
