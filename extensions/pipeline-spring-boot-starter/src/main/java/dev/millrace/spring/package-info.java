/**
 * Pipelines in Spring Boot: each {@link dev.millrace.pipeline.Pipeline} bean starts and stops with the application,
 * tells its health where there is {@code spring-boot-health}, and has metrics where there is a Micrometer registry.
 * Properties begin with {@code millrace}.
 */
@NullMarked
package dev.millrace.spring;

import org.jspecify.annotations.NullMarked;
