package dev.millrace.spring;

import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.micrometer.PipelineMetrics;
import dev.millrace.pipeline.runtime.PipelineListener;
import dev.millrace.pipeline.runtime.PipelineRunner;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Starts the {@link Pipeline} beans of an application, and ends them with it. What runs them is a
 * {@link PipelineRunner} bean, if there is one, or else one with every default; then come the properties that are set,
 * and all {@link PipelineListener} beans.
 */
@AutoConfiguration(
        afterName = "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration")
@EnableConfigurationProperties(MillraceProperties.class)
@SuppressWarnings("exports") // of annotations, which nobody but Spring reads
public final class MillraceAutoConfiguration {

    /** Made by Spring. */
    public MillraceAutoConfiguration() {}

    @Bean
    ApplicationPipelines millracePipelines(
            ObjectProvider<Map<String, Pipeline>> beans,
            ObjectProvider<PipelineRunner> runner,
            ObjectProvider<PipelineListener> listeners,
            MillraceProperties properties,
            ConfigurableApplicationContext application) {
        Map<String, Pipeline> named = PipelineSetupException.requireNamesApart(beans.getIfAvailable(Map::of));
        PipelineSetupException.requireKnown(properties, named.keySet());
        PipelineRunner base = runner.getIfAvailable(PipelineRunner::create);
        for (PipelineListener listener : listeners.orderedStream().toList()) {
            base = base.listener(listener);
        }
        Map<String, ApplicationPipeline> pipelines = new LinkedHashMap<>();
        for (Pipeline pipeline : named.values()) {
            String name = pipeline.name();
            PipelineRunner own = properties
                    .runner(name, base)
                    .listener(EndOfApplication.on(properties.onFailure(name), application));
            pipelines.put(name, new ApplicationPipeline(pipeline, own, properties.isAutoStartup(name)));
        }
        return new ApplicationPipelines(pipelines);
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(MeterRegistry.class)
    static class MetricsConfiguration {

        @Bean
        @ConditionalOnBean(MeterRegistry.class)
        @ConditionalOnMissingBean
        PipelineMetrics pipelineMetrics(MeterRegistry registry) {
            return PipelineMetrics.to(registry);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(ConditionalOnEnabledHealthIndicator.class)
    static class HealthConfiguration {

        @Bean
        @ConditionalOnEnabledHealthIndicator("pipelines")
        @ConditionalOnMissingBean(name = "pipelinesHealthContributor")
        HealthContributor pipelinesHealthContributor(RunningPipelines pipelines) {
            return new PipelinesHealth(pipelines);
        }
    }
}
