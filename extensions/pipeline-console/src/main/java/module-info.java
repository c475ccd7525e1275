/** Shows running pipelines in a browser; begin with {@link dev.millrace.console.PipelineConsole}. */
module dev.millrace.console {
    requires transitive dev.millrace.pipeline;
    requires com.fasterxml.jackson.core;
    requires jdk.httpserver;
    requires static transitive org.jspecify;

    exports dev.millrace.console;
}
