/** Reads and writes files: sources, sinks and tables of a pipeline. */
module dev.millrace.files {
    requires transitive dev.millrace.pipeline;
    requires transitive com.fasterxml.jackson.databind;
    requires com.fasterxml.jackson.datatype.jsr310;
    requires org.apache.commons.csv;
    requires static transitive org.jspecify;

    exports dev.millrace.files;
}
