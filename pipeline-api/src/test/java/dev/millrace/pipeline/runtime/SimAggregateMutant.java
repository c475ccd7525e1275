package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.graph.StageNode;
import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.KeptState;
import dev.millrace.pipeline.spi.Sink;
import dev.millrace.pipeline.spi.SinkWriter;
import dev.millrace.pipeline.spi.StateStore;
import dev.millrace.pipeline.spi.StateTable;
import dev.millrace.pipeline.spi.WriteResult;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Bugs that an aggregate may have, each with the one check that notices it. Some come about only where nothing else
 * goes wrong, so that no other promise breaks in consequence.
 */
enum SimAggregateMutant implements SimWrap {
    FORGETS_WHICH_RECORD_A_STATE_INCLUDES_LAST("A1") {
        @Override
        public StateStore states(SimWorld world, StateStore states) {
            return wrapped(states, table -> new Wrapped(table) {
                @Override
                public CompletionStage<List<KeptState>> load(String partition) throws Exception {
                    return super.load(partition)
                            .thenApply(kept -> kept.stream()
                                    .map(state -> new KeptState(state.key(), state.offset() - 1, state.state()))
                                    .toList());
                }
            });
        }
    },

    KEEPS_STATES_PAST_A_RECORD_THAT_MAY_COME_AGAIN("A2") {
        @Override
        public Parts parts(SimWorld world) {
            return new Parts() {
                @Override
                public Partition partition(String name, Worker worker) {
                    return new Partition(name, worker) {
                        @Override
                        boolean hasGivenUp(Flight asking) {
                            return isDisturbed(world) && super.hasGivenUp(asking);
                        }
                    };
                }
            };
        }
    },

    KEEPS_BEFORE_IT_TELLS("A3") {
        @Override
        public Parts parts(SimWorld world) {
            return withRounds((node, table) -> new AggregateRounds(node, table, new MergedStates(node)) {
                @Override
                void round(List<Contribution> contributions) {
                    if (!isUneventful(world)) {
                        super.round(contributions);
                        return;
                    }
                    keep(
                            contributions,
                            () -> tell(() -> {
                                letGo(contributions);
                                over();
                            }));
                }
            });
        }
    },

    KEEPS_NOTHING_OF_THE_END("A4") {
        @Override
        public StateStore states(SimWorld world, StateStore states) {
            return wrapped(states, table -> new Wrapped(table) {
                @Override
                public CompletionStage<Void> save(Map<String, List<KeptState>> changed) throws Exception {
                    boolean isEnd = isUneventful(world) && stateOf(world) == PipelineState.DRAINING;
                    return isEnd ? CompletableFuture.completedStage(null) : super.save(changed);
                }
            });
        }
    },

    BEGINS_A_ROUND_BEFORE_THE_FORMER_IS_KEPT("A5") {
        @Override
        public Parts parts(SimWorld world) {
            return withRounds((node, table) -> new AggregateRounds(node, table, new MergedStates(node)) {
                @Override
                void round(List<Contribution> contributions) {
                    tell(() -> {
                        keep(contributions, () -> letGo(contributions));
                        over();
                    });
                }
            });
        }
    },

    TELLS_WHILE_STATES_ARE_LOADED("A6") {
        @Override
        public Parts parts(SimWorld world) {
            return withRounds((node, table) -> new AggregateRounds(node, table, new MergedStates(node)) {
                @Override
                boolean isLoading() {
                    return isDisturbed(world) && super.isLoading();
                }
            });
        }
    },

    TELLS_ONLY_WHAT_HAS_CHANGED("A7") {
        @Override
        public SimTally result(SimWorld world, Object key, SimTally result) {
            SimAggregate aggregate = Objects.requireNonNull(world.aggregate);
            // Where it is of no consequence: what sinks hold in the end is of several instances, and more is to come.
            boolean isOfNoMatter = !aggregate.isOfOneInstance() && !Objects.requireNonNull(world.run).isBounded;
            return isOfNoMatter ? result.without(aggregate.states.all()) : result;
        }
    },

    DOES_NOT_TELL_AGAIN_WHAT_A_LATER_PARTITION_ADDS_TO("A8") {
        @Override
        public Parts parts(SimWorld world) {
            return withRounds((node, table) -> new AggregateRounds(node, table, new MergedStates(node) {
                @Override
                boolean isToBeToldAgain(Object key) {
                    return false;
                }
            }));
        }
    },

    WRITES_ONLY_WHAT_HAS_CHANGED("A9") {
        @Override
        public Sink<SimTold> told(SimWorld world, Sink<SimTold> sink) {
            return context -> {
                SinkWriter<SimTold> writer = sink.open(context);
                return new SinkWriter<>() {
                    @Override
                    public CompletionStage<WriteResult> write(List<PipelineRecord<SimTold>> batch) throws Exception {
                        SimStates states = Objects.requireNonNull(world.aggregate).states;
                        return writer.write(batch.stream()
                                .map(record -> record.withValue(record.value().without(states.all())))
                                .toList());
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
    },

    FORGETS_A_SAVE_THAT_FAILS("I7") {
        @Override
        public StateStore states(SimWorld world, StateStore states) {
            return wrapped(states, table -> new Wrapped(table) {
                @Override
                public CompletionStage<Void> save(Map<String, List<KeptState>> changed) throws Exception {
                    CompletableFuture<Void> answer = new CompletableFuture<>();
                    super.save(changed).thenAccept(answer::complete);
                    return answer;
                }
            });
        }
    };

    /** The check that notices it. */
    final String check;

    SimAggregateMutant(String check) {
        this.check = check;
    }

    private static boolean isDisturbed(SimWorld world) {
        return world.plan.isDisturbed(world.runs);
    }

    /** Whether the run is the last one. */
    private static boolean isUneventful(SimWorld world) {
        return world.plan.isCalm && world.limit == SimWorld.NO_LIMIT && !isDisturbed(world);
    }

    private static PipelineState stateOf(SimWorld world) {
        return Objects.requireNonNull(Objects.requireNonNull(world.run).engine).state();
    }

    private interface Rounds {

        AggregateRounds of(StageNode.Aggregate node, StateTable table);
    }

    private static Parts withRounds(Rounds rounds) {
        return new Parts() {
            @Override
            public AggregateRounds rounds(StageNode.Aggregate node, StateTable table) {
                return rounds.of(node, table);
            }
        };
    }

    private interface Wrapping {

        StateTable of(StateTable table);
    }

    private static StateStore wrapped(StateStore states, Wrapping wrapping) {
        return context -> wrapping.of(states.open(context));
    }

    private static class Wrapped implements StateTable {

        private final StateTable table;

        Wrapped(StateTable table) {
            this.table = table;
        }

        @Override
        public CompletionStage<List<KeptState>> load(String partition) throws Exception {
            return table.load(partition);
        }

        @Override
        public CompletionStage<Void> save(Map<String, List<KeptState>> changed) throws Exception {
            return table.save(changed);
        }

        @Override
        public void close() throws Exception {
            table.close();
        }
    }
}
