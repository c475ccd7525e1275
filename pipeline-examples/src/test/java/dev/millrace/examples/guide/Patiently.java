package dev.millrace.examples.guide;

import com.datastax.oss.driver.api.core.DriverTimeoutException;
import dev.millrace.examples.TestServers;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.runtime.PipelineFailedException;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.pipeline.spi.UnavailableException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** What has limits of its own, done as often as it takes on a machine that stands still for longer than those. */
public final class Patiently {

    private static final long PATIENCE_SECONDS = 300;

    private Patiently() {}

    /** Whatever opens a pipeline; one whose servers do not answer in time has done nothing yet. */
    public static <T> T call(Callable<T> opening) throws Exception {
        while (true) {
            try {
                return opening.call();
            } catch (PipelineFailedException | IllegalStateException notStarted) { // the latter of a preview
                Throwable cause = notStarted.getCause();
                if (!(cause instanceof UnavailableException || cause instanceof DriverTimeoutException)) {
                    throw notStarted;
                }
            }
        }
    }

    /** To the end of its source. */
    public static void run(Pipeline pipeline) throws Exception {
        try (RunningPipeline running = call(() -> PipelineRunner.create().start(pipeline))) {
            running.awaitTermination();
        }
    }

    /** To the end of what there is now. */
    public static void finish(Pipeline pipeline) throws Exception {
        try (RunningPipeline running = call(() -> PipelineRunner.create().start(pipeline))) {
            running.finish();
            running.awaitTermination();
        }
    }

    /** Topics of one partition, which the broker knows when this returns. */
    static void createTopics(Map<String, String> access, String... names) throws Exception {
        createTopics(
                access,
                Arrays.stream(names)
                        .map(name -> new NewTopic(name, 1, (short) 1))
                        .toList());
    }

    /** The same of topics of any number of partitions. */
    public static void createTopics(Map<String, String> access, List<NewTopic> topics) throws Exception {
        List<String> names = topics.stream().map(NewTopic::name).toList();
        try (Admin admin = TestServers.patientAdmin(access)) {
            admin.createTopics(topics).all().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            while (!areKnown(admin, names)) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            }
        }
    }

    private static boolean areKnown(Admin admin, List<String> names) throws Exception {
        try {
            return admin.describeTopics(names).allTopicNames().get(PATIENCE_SECONDS, TimeUnit.SECONDS).values().stream()
                    .flatMap(topic -> topic.partitions().stream())
                    .allMatch(partition -> partition.leader() != null);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return false;
            }
            throw e;
        }
    }
}
