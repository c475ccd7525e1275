package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.Stage;
import dev.millrace.pipeline.policy.BatchPolicy;
import dev.millrace.pipeline.policy.StageOptions;
import dev.millrace.pipeline.record.DeadLetter;
import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.OffsetRun;
import dev.millrace.pipeline.spi.Sink;
import dev.millrace.pipeline.spi.SinkWriter;
import dev.millrace.pipeline.spi.Source;
import dev.millrace.pipeline.spi.SourceReader;
import dev.millrace.pipeline.spi.StageContext;
import dev.millrace.pipeline.spi.UnavailableException;
import dev.millrace.pipeline.spi.WriteResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Bugs that an engine like this one may have, brought about between the engine and the world, each with the promises
 * that it may break.
 */
enum SimMutant implements SimWrap {
    COMMITS_WHAT_IS_POLLED("I2") {
        @Override
        public Source<SimValue> source(Source<SimValue> source) {
            return context -> new SimWrappedReader(source.open(context)) {
                private final Map<String, Long> polled = new HashMap<>();

                @Override
                public List<PipelineRecord<SimValue>> poll(Duration timeout) throws Exception {
                    List<PipelineRecord<SimValue>> records = super.poll(timeout);
                    records.forEach(record -> polled.put(record.partition(), record.offset() + 1));
                    return records;
                }

                @Override
                public void commit(Map<String, Long> frontier) throws Exception {
                    Map<String, Long> positions = new HashMap<>(frontier);
                    positions.replaceAll((partition, offset) -> Math.max(offset, polled.get(partition)));
                    super.commit(positions);
                }
            };
        }
    },

    COMMITS_WHAT_IS_LOST("I9") {
        @Override
        public Source<SimValue> source(Source<SimValue> source) {
            return context -> {
                Map<String, Long> lost = new HashMap<>();
                Map<String, Long> last = new HashMap<>();
                SourceReader<SimValue> reader = source.open(new SimWrappedContext(context) {
                    @Override
                    public void lost(Collection<String> partitions) {
                        super.lost(partitions);
                        lost.putAll(last);
                        lost.keySet().retainAll(partitions);
                    }
                });
                return new SimWrappedReader(reader) {
                    @Override
                    public void commit(Map<String, Long> frontier) throws Exception {
                        last.putAll(frontier);
                        Map<String, Long> all = new HashMap<>(lost);
                        all.putAll(frontier);
                        super.commit(all);
                    }
                };
            };
        }
    },

    TAKES_A_FORMER_ASSIGNMENT_FOR_THE_PRESENT("I2 I4 I9") {
        @Override
        public Source<SimValue> source(Source<SimValue> source) {
            return context -> {
                Set<String> lost = new HashSet<>();
                SourceReader<SimValue> reader = source.open(new SimWrappedContext(context) {
                    @Override
                    public void lost(Collection<String> partitions) {
                        lost.addAll(partitions);
                    }

                    @Override
                    public void assigned(Collection<String> partitions) {
                        super.assigned(partitions.stream()
                                .filter(partition -> !lost.remove(partition))
                                .toList());
                    }
                });
                return new SimWrappedReader(reader) {
                    @Override
                    public List<PipelineRecord<SimValue>> poll(Duration timeout) throws Exception {
                        List<PipelineRecord<SimValue>> records = super.poll(timeout);
                        context.lost(lost);
                        lost.clear();
                        return records;
                    }
                };
            };
        }
    },

    COMMITS_OUT_OF_ORDER("I9") {
        @Override
        public Source<SimValue> source(Source<SimValue> source) {
            return context -> new SimWrappedReader(source.open(context)) {
                private Map<String, Long> late = Map.of();

                @Override
                public void commit(Map<String, Long> frontier) throws Exception {
                    super.commit(frontier);
                    super.commit(late);
                    late = frontier;
                }
            };
        }
    },

    NEVER_COMMITS("I7") {
        @Override
        public Source<SimValue> source(Source<SimValue> source) {
            return context -> new SimWrappedReader(source.open(context)) {
                @Override
                public void commit(Map<String, Long> frontier) {}
            };
        }
    },

    KEEPS_AS_DONE_WHAT_LIES_BETWEEN("I2 I3") {
        @Override
        public Source<SimValue> source(Source<SimValue> source) {
            return context -> new SimWrappedReader(source.open(context)) {
                @Override
                public void commit(Map<String, Long> frontier, Map<String, List<OffsetRun>> beyond) throws Exception {
                    Map<String, List<OffsetRun>> joined = new HashMap<>(beyond);
                    joined.values().removeIf(List::isEmpty);
                    joined.replaceAll((partition, runs) -> List.of(new OffsetRun(
                            runs.get(0).from(), runs.get(runs.size() - 1).to())));
                    reader.commit(frontier, joined);
                }
            };
        }
    },

    KEEPS_WHAT_IS_DONE_BEFORE_IT_MOVES_THE_FRONTIER("I3") {
        @Override
        public Source<SimValue> source(Source<SimValue> source) {
            return context -> new SimWrappedReader(source.open(context)) {
                @Override
                public void commit(Map<String, Long> frontier, Map<String, List<OffsetRun>> beyond) throws Exception {
                    reader.commit(Map.of(), beyond);
                    reader.commit(frontier, Map.of());
                }
            };
        }
    },

    DOES_NOT_HOLD_BACK("I4") {
        @Override
        public Source<SimValue> source(Source<SimValue> source) {
            return context -> new SimWrappedReader(source.open(context)) {
                @Override
                public void pause(Collection<String> partitions) {}
            };
        }
    },

    DOES_NOT_AWAIT_DEAD_LETTERS("I1 I2 I3 A2") {
        @Override
        public Sink<DeadLetter> letters(Sink<DeadLetter> letters) {
            return wrapped(letters, (writer, batch) -> {
                writer.write(batch);
                return WriteResult.alreadyWritten();
            });
        }
    },

    NEVER_ANSWERS_WHEN_A_WRITE_THROWS("I7") {
        @Override
        public Sink<SimValue> sink(Sink<SimValue> sink) {
            return wrapped(sink, (writer, batch) -> {
                try {
                    return writer.write(batch);
                } catch (Exception | LinkageError | StackOverflowError forgotten) {
                    return new CompletableFuture<>();
                }
            });
        }
    },

    LEAKS_A_PERMIT_WHEN_A_WRITE_THROWS("I7") {
        @SuppressWarnings("ImmutableEnumChecker") // for as long as one call only
        private boolean hasThrown;

        @Override
        public Sink<SimValue> sink(Sink<SimValue> sink) {
            return wrapped(sink, (writer, batch) -> {
                try {
                    return writer.write(batch);
                } catch (Exception | LinkageError | StackOverflowError thrown) {
                    hasThrown = true;
                    throw thrown;
                }
            });
        }

        // What has just thrown is the next to leave.
        @Override
        public Gate gate(int permits) {
            return new Gate(permits) {
                @Override
                void leave() {
                    if (!hasThrown) {
                        super.leave();
                    }
                    hasThrown = false;
                }
            };
        }
    },

    TAKES_THE_LAST_RECORD_DONE_FOR_THE_FRONTIER("I2") {
        @Override
        public Partition partition(String name, Worker worker) {
            return new Partition(name, worker) {
                private long last = NO_FRONTIER;

                @Override
                void completed(Flight flight) {
                    super.completed(flight);
                    last = Math.max(last, flight.offset + 1);
                }

                @Override
                long frontier() {
                    return Math.max(last, super.frontier());
                }
            };
        }
    },

    FORGETS_WHAT_HAS_NOT_BEGUN_OF_A_PARTITION_THAT_LEAVES("I2") {
        @Override
        public Partition partition(String name, Worker worker) {
            return new Partition(name, worker) {
                private long received = NO_FRONTIER;

                @Override
                void receive(List<? extends PipelineRecord<?>> records, long bytes) {
                    super.receive(records, bytes);
                    received = records.get(records.size() - 1).offset() + 1;
                }

                @Override
                long frontier() {
                    return isLeaving && ledgerSize() == 0 ? received : super.frontier();
                }
            };
        }
    },

    FORGETS_IN_A_DRAIN_WHAT_WAITS_FOR_ITS_BATCH("I5 I7") {
        @Override
        public SinkBatches batches(Worker worker, BatchPolicy policy, Runnable send) {
            return new SinkBatches(worker, policy, send) {
                @Override
                boolean hasNext() {
                    return !worker.isHurried() && super.hasNext();
                }
            };
        }
    },

    WRITES_AGAIN_WITHOUT_NEED("I5") {
        @Override
        public Sink<SimValue> sink(Sink<SimValue> sink) {
            return wrapped(sink, (writer, batch) -> {
                writer.write(batch);
                return writer.write(batch);
            });
        }
    },

    TRIES_AGAIN_WHAT_WAS_REFUSED("I1 I5") {
        @Override
        public Sink<SimValue> sink(Sink<SimValue> sink) {
            return wrapped(
                    sink,
                    (writer, batch) -> writer.write(batch).thenApply(result -> {
                        Map<Integer, Throwable> failures = new HashMap<>(result.failures());
                        failures.replaceAll((index, failure) -> Failures.isPermanent(failure)
                                ? new UnavailableException(failure.getMessage())
                                : failure);
                        return WriteResult.failed(failures);
                    }));
        }
    },

    DRAIN_FORGETS_A_BATCH("I1 I2") {
        @Override
        public Stage<List<SimValue>> lists(SimWorld world, Stage<List<SimValue>> lists, int size) {
            return lists.filter(list -> list.size() == size
                    || Objects.requireNonNull(Objects.requireNonNull(world.run).engine)
                                    .state()
                            != PipelineState.DRAINING);
        }
    },

    LETS_ONE_MORE_PASS("I10") {
        @Override
        public <V> Stage<V> limited(Stage<V> stage, long most, StageOptions options) {
            return stage.limit(most + 1, options);
        }
    },

    DROPS_WHAT_A_LIMIT_REFUSES("I1 I2 I10") {
        @Override
        public <V> Stage<V> limited(Stage<V> stage, long most, StageOptions options) {
            AtomicLong come = new AtomicLong();
            return stage.filter(value -> come.incrementAndGet() <= most, options);
        }
    },

    LETS_VALUES_OVERTAKE("I3") {
        @Override
        public Sink<SimValue> sink(Sink<SimValue> sink) {
            return wrapped(sink, (writer, batch) -> {
                List<PipelineRecord<SimValue>> reversed = new ArrayList<>(batch);
                Collections.reverse(reversed);
                return writer.write(reversed);
            });
        }
    },

    ACKNOWLEDGES_WHAT_IT_HAS_ONLY_BUFFERED("I1 I2") {
        @Override
        public Sink<SimValue> sink(Sink<SimValue> sink) {
            List<PipelineRecord<SimValue>> buffer = new ArrayList<>();
            return wrapped(sink, (writer, batch) -> {
                buffer.addAll(batch);
                if (buffer.size() < 3) {
                    return WriteResult.alreadyWritten();
                }
                List<PipelineRecord<SimValue>> all = List.copyOf(buffer);
                buffer.clear();
                return writer.write(all).thenApply(result -> WriteResult.written());
            });
        }
    };

    private final String promises;

    SimMutant(String promises) {
        this.promises = promises;
    }

    /**
     * Whether a violation is of a promise that this mutant may break. What is committed before it is done may be found
     * missing from a sink, I2, or first from a state, A4.
     */
    boolean explains(String violation) {
        String promise = violation.substring(0, violation.indexOf(':'));
        return promises.contains(promise.equals("A4") ? "I2" : promise);
    }

    private interface Wrong<T> {

        CompletionStage<WriteResult> write(SinkWriter<T> writer, List<PipelineRecord<T>> batch) throws Exception;
    }

    private static <T> Sink<T> wrapped(Sink<T> sink, Wrong<T> wrong) {
        return (StageContext context) -> {
            SinkWriter<T> writer = sink.open(context);
            return new SinkWriter<>() {
                @Override
                public CompletionStage<WriteResult> write(List<PipelineRecord<T>> batch) throws Exception {
                    return wrong.write(writer, batch);
                }

                @Override
                public boolean isPipelined() {
                    return writer.isPipelined();
                }

                @Override
                public void close() throws Exception {
                    writer.close();
                }
            };
        };
    }
}
