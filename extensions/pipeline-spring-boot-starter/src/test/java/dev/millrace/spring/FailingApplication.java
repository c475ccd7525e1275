package dev.millrace.spring;

import dev.millrace.pipeline.Pipeline;
import java.util.concurrent.atomic.AtomicBoolean;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** A service of two pipelines, one of which fails; for a JVM of its own. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
class FailingApplication {

    private final AtomicBoolean isBroken = new AtomicBoolean();

    public static void main(String[] args) {
        SpringApplication.run(
                        FailingApplication.class,
                        "--spring.main.web-application-type=none",
                        "--millrace.on-failure=exit",
                        "--spring.lifecycle.timeout-per-shutdown-phase=" + TestPipelines.PATIENCE)
                .getBean(FailingApplication.class)
                .isBroken
                .set(true);
    }

    @Bean
    Pipeline ticks() {
        return TestPipelines.endless("ticks", isBroken);
    }

    @Bean
    Pipeline other() {
        return TestPipelines.endless("other");
    }
}
