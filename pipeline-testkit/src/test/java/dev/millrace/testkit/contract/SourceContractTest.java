package dev.millrace.testkit.contract;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.Source;
import dev.millrace.pipeline.spi.SourceContext;
import dev.millrace.pipeline.spi.SourceReader;
import dev.millrace.pipeline.spi.UnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** The contract holds of the simplest source there can be that is able to do all, and of none that breaks a promise. */
class SourceContractTest extends SourceContract<String> {

    private final Store store = new Store();

    @Override
    protected Source<String> source() {
        return store;
    }

    @Override
    protected String value(int number) {
        return "value " + number;
    }

    @Override
    protected void add(List<String> values) {
        store.add(values);
    }

    @Override
    protected boolean keepsPosition() {
        return true;
    }

    @Override
    protected Optional<Outage> outage() {
        return Optional.of(store);
    }

    @Test
    void shouldFailWhenAValueComesTwice() {
        assertBroken(of(new Store() {
            @Override
            List<PipelineRecord<String>> polled(List<PipelineRecord<String>> records) {
                List<PipelineRecord<String>> twice = new ArrayList<>(records);
                twice.addAll(records);
                return twice;
            }
        })::shouldReadWhatIsThere);
    }

    @Test
    void shouldFailWhenMoreComesThanAPollShouldBring() {
        assertBroken(of(new Store() {
            @Override
            int limit(SourceContext context) {
                return Integer.MAX_VALUE;
            }
        })::shouldKeepToTheLimitOfAPoll);
    }

    @Test
    void shouldFailWhenAPreviewTakesRecordsAway() {
        Store hasty = new Store();
        hasty.commitsFor = SourceContext::isPreview;

        assertBroken(of(hasty)::shouldLeaveNoTraceOfAPreview);
    }

    @Test
    void shouldFailWhenPausedPartitionsAreRead() {
        assertBroken(of(new Store() {
            @Override
            boolean isHeld(Set<String> paused, String partition) {
                return false;
            }
        })
        .new Pausing()::shouldHoldRecordsBack);
    }

    @Test
    void shouldFailWhenPositionsChange() {
        assertBroken(of(new Store() {
            private int readers;

            @Override
            SourceReader<String> reader(SourceContext context) {
                readers++;
                return super.reader(context);
            }

            @Override
            long offset(int index) {
                return super.offset(index) + readers;
            }
        })
        .new Repeating()::shouldReadTheSameAtTheSamePosition);
    }

    @Test
    void shouldFailWhenWhatIsNotCommittedIsPassedOver() {
        Store hasty = new Store();
        hasty.commitsFor = context -> true;

        assertBroken(of(hasty).new Resuming()::shouldBeginAgainWhereNothingIsCommitted);
    }

    @Test
    void shouldFailWhenWhatIsCommittedComesAgain() {
        assertBroken(of(new Store() {
            @Override
            void committed(Map<String, Long> frontier) {}
        })
        .new Resuming()::shouldGoOnBehindWhatIsCommitted);
    }

    @Test
    void shouldFailWhenItEndsBeforeAllIsRead() {
        SourceContractTest early = of(new Store() {
            @Override
            boolean isExhausted(boolean isFinishing, boolean isAllRead) {
                return isFinishing;
            }
        });

        assertBroken(early.new Waiting()::shouldFinish);
    }

    @Test
    void shouldFailWhenWaitingIsTakenForTheEnd() {
        SourceContractTest impatient = of(new Store() {
            @Override
            boolean isExhausted(boolean isFinishing, boolean isAllRead) {
                return isAllRead;
            }
        });

        assertBroken(impatient.new Waiting()::shouldWaitForMore);
    }

    @Test
    void shouldFailWhenRecordsAreLostInAnOutage() {
        assertBroken(of(new Store() {
            @Override
            public void end() {
                super.end();
                replaceAll();
            }
        })
        .new Unavailable()::shouldGoOnAfterwards);
    }

    private static void assertBroken(ThrowingCallable promise) {
        assertThatThrownBy(promise).isInstanceOf(AssertionError.class);
    }

    private static SourceContractTest of(Store broken) {
        return new SourceContractTest() {
            @Override
            protected Source<String> source() {
                return broken;
            }

            @Override
            protected void add(List<String> values) {
                broken.add(values);
            }

            @Override
            Duration patience() {
                return Duration.ofMillis(200); // for what never comes
            }

            @Override
            protected Optional<Outage> outage() {
                return Optional.of(broken);
            }
        };
    }

    /** Values in memory, in turn in one of two partitions. */
    private static class Store implements Source<String>, Outage {

        private final List<String> values = new ArrayList<>();
        private final Map<String, Long> frontier = new HashMap<>();
        private boolean isAway;
        /** For whom what is read counts as committed. */
        Predicate<SourceContext> commitsFor = context -> false;

        void add(List<String> more) {
            values.addAll(more);
        }

        void replaceAll() {
            values.replaceAll(value -> "not " + value);
        }

        @Override
        public boolean isRepeatable() {
            return true;
        }

        @Override
        public SourceReader<String> open(SourceContext context) {
            return reader(context);
        }

        SourceReader<String> reader(SourceContext context) {
            return new Reader(this, context);
        }

        List<PipelineRecord<String>> polled(List<PipelineRecord<String>> records) {
            return records;
        }

        int limit(SourceContext context) {
            return context.pollLimit();
        }

        boolean isHeld(Set<String> paused, String partition) {
            return paused.contains(partition);
        }

        boolean isExhausted(boolean isFinishing, boolean isAllRead) {
            return isFinishing && isAllRead;
        }

        long offset(int index) {
            return index / 2;
        }

        void committed(Map<String, Long> done) {
            frontier.putAll(done);
        }

        @Override
        public void begin() {
            isAway = true;
        }

        @Override
        public void end() {
            isAway = false;
        }
    }

    private static final class Reader implements SourceReader<String> {

        private final Store store;
        private final SourceContext context;
        private final Set<String> paused = new HashSet<>();
        private final Set<Integer> read = new HashSet<>();
        private boolean isFinishing;

        Reader(Store store, SourceContext context) {
            this.store = store;
            this.context = context;
            for (int i = 0; i < store.values.size(); i++) {
                if (store.offset(i) < store.frontier.getOrDefault(partition(i), 0L)) {
                    read.add(i);
                }
            }
        }

        private static String partition(int index) {
            return index % 2 == 0 ? "even" : "odd";
        }

        @Override
        public List<PipelineRecord<String>> poll(Duration timeout) {
            if (store.isAway) {
                throw new UnavailableException("away");
            }
            List<PipelineRecord<String>> records = new ArrayList<>();
            for (int i = 0; i < store.values.size() && records.size() < store.limit(context); i++) {
                if (!store.isHeld(paused, partition(i)) && read.add(i)) {
                    records.add(PipelineRecord.of(store.values.get(i), partition(i), store.offset(i)));
                    if (store.commitsFor.test(context)) {
                        store.committed(Map.of(partition(i), store.offset(i) + 1));
                    }
                }
            }
            return store.polled(records);
        }

        @Override
        public boolean isExhausted() {
            return store.isExhausted(isFinishing, read.size() == store.values.size());
        }

        @Override
        public boolean finish() {
            isFinishing = true;
            return true;
        }

        @Override
        public boolean isPausable() {
            return true;
        }

        @Override
        public void pause(Collection<String> partitions) {
            paused.addAll(partitions);
        }

        @Override
        public void resume(Collection<String> partitions) {
            paused.removeAll(partitions);
        }

        @Override
        public void commit(Map<String, Long> done) {
            store.committed(done);
        }
    }
}
