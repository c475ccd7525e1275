/**
 * How the modules of Millrace read and write JSON: as strict, within the same limits, and with the same words for what
 * is wrong. It is for them alone, and may change at any time.
 */
@SuppressWarnings("module") // those that it is for are built after it
module dev.millrace.json {
    requires transitive com.fasterxml.jackson.databind;
    requires com.ethlo.time;
    requires com.fasterxml.jackson.datatype.jsr310;
    requires static transitive org.jspecify;

    exports dev.millrace.json to
            dev.millrace.files,
            dev.millrace.kafka;
}
