/** Pipelines as beans of a Spring Boot application; begin with {@link dev.millrace.spring.RunningPipelines}. */
module dev.millrace.spring {
    requires transitive dev.millrace.pipeline;
    requires transitive spring.boot.autoconfigure;
    requires spring.beans;
    requires spring.boot;
    requires spring.context;
    requires spring.core;
    requires static com.fasterxml.jackson.annotation;
    requires static micrometer.core;
    requires static transitive org.jspecify;
    requires static spring.boot.health;

    exports dev.millrace.spring;

    // Spring makes the beans by reflection.
    opens dev.millrace.spring;
}
