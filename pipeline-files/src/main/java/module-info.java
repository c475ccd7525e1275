/** Reads files: sources and tables of a pipeline. */
module dev.millrace.files {
    requires transitive dev.millrace.pipeline;
    requires org.apache.commons.csv;
    requires static transitive org.jspecify;

    exports dev.millrace.files;
}
