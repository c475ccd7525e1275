/**
 * Typed pipelines for services: the DSL , what connectors implement ({@link
 * dev.millrace.pipeline.spi}) and the engine that runs them .
 */
module dev.millrace.pipeline {
    requires static transitive org.jspecify;

    exports dev.millrace.pipeline.record;
    exports dev.millrace.pipeline.spi;
    exports dev.millrace.pipeline.policy;
}
