/**
 * Typed pipelines for services: the DSL ({@link dev.millrace.pipeline}), what connectors implement
 * ({@link dev.millrace.pipeline.spi}) and the engine that runs them ({@link dev.millrace.pipeline.runtime}).
 */
module dev.millrace.pipeline {
    requires static transitive org.jspecify;
    requires static micrometer.core;

    exports dev.millrace.pipeline;
    exports dev.millrace.pipeline.function;
    exports dev.millrace.pipeline.record;
    exports dev.millrace.pipeline.spi;
    exports dev.millrace.pipeline.policy;
    exports dev.millrace.pipeline.graph;
    exports dev.millrace.pipeline.runtime;
    exports dev.millrace.pipeline.micrometer;
}
