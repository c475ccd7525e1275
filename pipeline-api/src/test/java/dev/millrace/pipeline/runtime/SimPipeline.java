package dev.millrace.pipeline.runtime;

import static dev.millrace.pipeline.policy.StageOptions.with;

import dev.millrace.pipeline.KeyedStage;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Stage;
import dev.millrace.pipeline.policy.Aggregation;
import dev.millrace.pipeline.policy.BatchPolicy;
import dev.millrace.pipeline.policy.FailurePolicy;
import dev.millrace.pipeline.policy.Ordering;
import dev.millrace.pipeline.policy.RetryPolicy;
import dev.millrace.pipeline.policy.StageOptions;
import dev.millrace.pipeline.policy.Throttle;
import dev.millrace.pipeline.spi.Aggregator;
import dev.millrace.pipeline.spi.Sink;
import dev.millrace.pipeline.spi.Source;
import dev.millrace.pipeline.spi.SourceContext;
import dev.millrace.pipeline.spi.SourceReader;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Writes a pipeline by chance. */
final class SimPipeline {

    private static final int MOST_STAGES = 5;

    private final SimWorld world;
    private final SplittableRandom random;
    private final SimWrap wrap;
    private FailurePolicy[] policies;
    /** Whether there is to be an aggregate, for which records must come in their order and not in lists. */
    private final boolean isAggregating;

    private Ordering arriving = Ordering.PER_PARTITION;
    private int fanOuts;
    private boolean isAfterLists;
    private boolean isInBranch;
    private boolean isAfterAggregate;
    /** The place of the stage that the next one has its values from. */
    private int last = -1;

    SimPipeline(SimWorld world, SimWrap wrap) {
        this.world = world;
        this.random = world.random;
        this.wrap = wrap;
        this.isAggregating = random.nextInt(4) == 0;
        FailurePolicy letters = FailurePolicy.deadLetter(wrap.letters(new SimLetters(world)));
        FailurePolicy stop = world.plan.isCalm ? letters : FailurePolicy.stop();
        this.policies = new FailurePolicy[] {letters, letters, letters, FailurePolicy.skip(), stop};
    }

    /** The key that sinks see, unless lists have made it forgotten. */
    static @Nullable Object keyOf(SimWorld world, SimRecord record) {
        boolean isKeyedAnew = world.stages.get(1).name().equals("keyBy");
        return isKeyedAnew ? "n" + record.offset % 3 : record.key;
    }

    Pipeline write() {
        Source<SimValue> raw = repeatable(wrap.source(new SimSource(world)));
        SimStage from =
                add(world.plan.isDecoded ? SimStage.Kind.DECODE : SimStage.Kind.FROM, "from", options("from", false));
        Source<SimValue> source =
                world.plan.isDecoded ? raw.decodedBy(record -> function(from).apply(record.value())) : raw;
        Stage<SimValue> stage = Pipeline.named("simulated").from(source, from.options());
        if (random.nextInt(4) == 0) {
            SimStage keyBy = add(SimStage.Kind.MAP, "keyBy", options("keyBy", false));
            stage = stage.keyBy(
                    value -> {
                        function(keyBy).apply(value);
                        return "n" + value.record.offset % 3;
                    },
                    keyBy.options());
        }
        for (int i = random.nextInt(MOST_STAGES); i > 0; i--) {
            stage = append(stage);
        }
        return end(stage, "to");
    }

    private static Source<SimValue> repeatable(Source<SimValue> source) {
        return new Source<>() {
            @Override
            public SourceReader<SimValue> open(SourceContext context) throws Exception {
                return source.open(context);
            }

            @Override
            public boolean isRepeatable() {
                return true;
            }
        };
    }

    private boolean isToAggregate() {
        return isAggregating && world.aggregate == null;
    }

    private Pipeline end(Stage<SimValue> stage, String name) {
        if (isToAggregate() && !(isInBranch && random.nextBoolean())) {
            return aggregated(stage, name);
        }
        if (!isToAggregate() && random.nextInt(8) == 0) {
            return endWithLists(stage, name);
        }
        SimStage to = add(SimStage.Kind.TO, name, options(name, true));
        return stage.to(sink(to), to.options());
    }

    private Pipeline endWithLists(Stage<SimValue> stage, String name) {
        Stage<List<SimValue>> lists = inLists(stage, world.stages.size());
        SimStage to = add(SimStage.Kind.TO, name, options(name, true));
        return lists.to(new SimListSink(world, table(to)), to.options());
    }

    private Stage<SimValue> append(Stage<SimValue> stage) {
        int place = world.stages.size();
        return switch (random.nextInt(12)) {
            case 0 -> {
                SimStage map = add(SimStage.Kind.MAP, "map-" + place, options("map-" + place, false));
                yield stage.map(function(map)::apply, map.options());
            }
            case 1 -> {
                SimStage filter = add(SimStage.Kind.FILTER, "filter-" + place, options("filter-" + place, false));
                yield stage.filter(value -> function(filter).apply(value) != null, filter.options());
            }
            case 2, 3 -> {
                if (++fanOuts > 2) {
                    yield stage;
                }
                SimStage flat = add(SimStage.Kind.FLAT_MAP, "flatMap-" + place, options("flatMap-" + place, false));
                yield stage.flatMap(value -> children(flat, function(flat).apply(value)), flat.options());
            }
            case 4 -> {
                SimStage peek = add(SimStage.Kind.PEEK, "peek-" + place, options("peek-" + place, false));
                yield stage.peek(record -> function(peek).apply(record.value()), peek.options());
            }
            case 5 -> {
                SimStage throttle = add(SimStage.Kind.THROTTLE, "throttle-" + place, with().name("throttle-" + place));
                yield stage.throttle(
                        Throttle.randomPause(Duration.ZERO, Duration.ofNanos(1 + random.nextInt(2_000_000))),
                        throttle.options());
            }
            case 6 -> {
                SimStage also = add(SimStage.Kind.ALSO_TO, "alsoTo-" + place, options("alsoTo-" + place, true));
                yield stage.alsoTo(sink(also), also.options());
            }
            case 7 -> {
                if (isToAggregate()) {
                    yield stage;
                }
                Stage<List<SimValue>> lists = inLists(stage, place);
                String name = "unbatch-" + place;
                SimStage unbatch = add(SimStage.Kind.UNBATCH, name, options(name, false));
                yield lists.flatMap(list -> function(unbatch).applyToAll(list), unbatch.options());
            }
            case 8 -> isInBranch ? stage : branched(stage);
            case 9 -> isAfterLists ? stage : limited(stage);
            default -> enriched(stage, place);
        };
    }

    private Stage<SimValue> branched(Stage<SimValue> stage) {
        int leaving = last;
        Ordering leavingIn = arriving;
        boolean isLeavingAfterLists = isAfterLists;
        isInBranch = true;
        Stage<SimValue> onwards = stage.branch(all -> {
            Stage<SimValue> way = all;
            for (int i = random.nextInt(3); i > 0; i--) {
                way = append(way);
            }
            return end(way, "to-" + world.stages.size());
        });
        isInBranch = false;
        isAfterAggregate = false;
        last = leaving;
        arriving = leavingIn;
        isAfterLists = isLeavingAfterLists;
        return onwards;
    }

    /** One limit, and so high that in each run some record passes as a whole, of whatever values and partitions. */
    private <V> Stage<V> limited(Stage<V> stage) {
        if (world.limit != SimWorld.NO_LIMIT) {
            return stage;
        }
        int records = world.partitions.stream()
                .mapToInt(partition -> partition.log.size())
                .sum();
        int enough = fanOuts == 0 ? 1 : world.partitions.size() * SimValue.FAN_OUT * SimValue.FAN_OUT;
        world.limit = Math.max((long) SimPlan.pick(random, 1, 5, 40), Math.max(enough, records / 20));
        String name = "limit-" + world.stages.size();
        SimStage limit = add(SimStage.Kind.LIMIT, name, with().name(name));
        return wrap.limited(stage, world.limit, limit.options())
                .peek(value -> Objects.requireNonNull(world.run).passed());
    }

    private Stage<List<SimValue>> inLists(Stage<SimValue> stage, int place) {
        boolean isOfRecords = !isAfterLists;
        isAfterLists = true;
        SimStage batch = add(SimStage.Kind.BATCH, "batch-" + place, with().name("batch-" + place));
        int size = (int) SimPlan.pick(random, 1, 2, 3, 10, 1_000);
        long age = (long) SimPlan.pick(random, 0, 0, 1, 100, 60_000);
        Stage<List<SimValue>> lists = age == 0
                ? stage.batch(size, batch.options())
                : stage.batch(size, Duration.ofMillis(age), batch.options());
        lists = wrap.lists(world, lists, size);
        // Records that were in a list before make more lists than one together.
        return random.nextInt(8) == 0 && isOfRecords ? limited(lists) : lists;
    }

    private Stage<SimValue> enriched(Stage<SimValue> stage, int place) {
        SimStage.Kind kind = switch (random.nextInt(4)) {
            case 0 -> SimStage.Kind.LOCAL_ENRICH;
            case 1 -> SimStage.Kind.ENRICH_OR_DROP;
            default -> SimStage.Kind.ENRICH;
        };
        StageOptions options = lookupOptions("enrich-" + place);
        SimStage enrich =
                add(kind, "enrich-" + place, isToAggregate() ? options.ordering(Ordering.PER_PARTITION) : options);
        if (enrich.isAsynchronousLookup()) {
            arriving = SimTable.weaker(arriving, SimTable.kept(enrich, isAfterLists));
        }
        SimEnricher<SimValue> enricher = new SimEnricher<>(world, enrich);
        return kind == SimStage.Kind.ENRICH_OR_DROP
                ? stage.enrichOrDrop(enricher, value -> value, (value, answer) -> value.next(), enrich.options())
                : stage.enrich(enricher, value -> value, (value, answer) -> value.next(), enrich.options());
    }

    /** The aggregate, and what is behind it. */
    private Pipeline aggregated(Stage<SimValue> stage, String name) {
        int place = world.stages.size();
        SimStage keyBy = add(SimStage.Kind.MAP, "keyBy-" + place, options("keyBy-" + place, false));
        StageOptions options = options("aggregate-" + place, false).retry(retry().maxAttempts(1));
        SimStage counting = add(SimStage.Kind.AGGREGATE, "aggregate-" + place, options);
        FailurePolicy[] former = policies;
        policies = afterAggregate();
        isAfterAggregate = true;
        SimStage telling = add(SimStage.Kind.TELL, "tell-" + place, options("tell-" + place, false));
        SimAggregate aggregate =
                new SimAggregate(world, counting, telling, random.nextInt(3) == 0, random.nextBoolean());
        world.aggregate = aggregate;
        world.oracle.aggregate(aggregate);
        KeyedStage<Object, SimValue> keyed = stage.keyBy(
                value -> {
                    function(keyBy).apply(value);
                    return aggregate.keyOf(value.record, value.index);
                },
                keyBy.options());
        Pipeline pipeline = endTold(told(keyed, aggregate), aggregate, name);
        policies = former;
        return pipeline;
    }

    /** There is no record to make a dead letter of, so that such a policy stops the pipeline. */
    private FailurePolicy[] afterAggregate() {
        FailurePolicy skip = FailurePolicy.skip();
        return world.plan.isCalm
                ? new FailurePolicy[] {skip}
                : new FailurePolicy[] {skip, skip, FailurePolicy.stop(), policies[0]};
    }

    private Stage<SimTold> told(KeyedStage<Object, SimValue> keyed, SimAggregate aggregate) {
        SimFunction counts = function(aggregate.stage);
        SimFunction tells = function(aggregate.telling);
        StageOptions options = aggregate.stage.options();
        Duration interval = Duration.ofMillis((long) SimPlan.pick(random, 5, 50, 1_000, 3_600_000));
        Aggregation aggregation =
                Aggregation.keptIn(wrap.states(world, aggregate.states)).every(interval);
        Aggregator<SimValue, SimTally, SimTally> aggregator = aggregate.aggregator(counts::call);
        if (aggregate.isWhole) {
            return keyed.snapshots(
                            aggregator,
                            (key, tally) -> aggregate.tell(key, wrap.result(world, key, tally), tells),
                            aggregation,
                            options)
                    .peek(record -> aggregate.leaves(record.offset()))
                    .map(each -> aggregate.whole(each, tells), aggregate.telling.options());
        }
        return keyed.aggregate(
                        aggregator,
                        (key, tally) -> aggregate.tell(key, wrap.result(world, key, tally), tells),
                        aggregation,
                        options)
                .peek(record -> {
                    aggregate.leaves(record.offset());
                    record.value().round = aggregate.round();
                });
    }

    private Pipeline endTold(Stage<SimTold> stage, SimAggregate aggregate, String name) {
        Stage<SimTold> way = stage;
        for (int i = random.nextInt(3); i > 0; i--) {
            way = appendTold(way, aggregate);
        }
        SimStage to = add(SimStage.Kind.TO, name, options(name, true));
        return way.to(toldSink(to, aggregate), to.options());
    }

    private Stage<SimTold> appendTold(Stage<SimTold> stage, SimAggregate aggregate) {
        int place = world.stages.size();
        return switch (random.nextInt(isInBranch ? 4 : 5)) {
            case 0 -> {
                SimStage map = add(SimStage.Kind.MAP, "map-" + place, options("map-" + place, false));
                SimFunction function = function(map);
                yield stage.map(
                        told -> {
                            function.call(List.of(told));
                            return told.next();
                        },
                        map.options());
            }
            case 1 -> {
                SimStage also = add(SimStage.Kind.ALSO_TO, "alsoTo-" + place, options("alsoTo-" + place, true));
                yield stage.alsoTo(toldSink(also, aggregate), also.options());
            }
            case 2, 3 -> {
                SimStage.Kind kind = random.nextBoolean() ? SimStage.Kind.LOCAL_ENRICH : SimStage.Kind.ENRICH;
                SimStage enrich = add(kind, "enrich-" + place, lookupOptions("enrich-" + place));
                yield stage.enrich(
                        new SimEnricher<SimTold>(world, enrich),
                        told -> told,
                        (told, answer) -> told.next(),
                        enrich.options());
            }
            default -> {
                int leaving = last;
                Stage<SimTold> onwards = stage.branch(all -> {
                    isInBranch = true;
                    return endTold(all, aggregate, "to-" + place);
                });
                isInBranch = false;
                last = leaving;
                yield onwards;
            }
        };
    }

    private Sink<SimTold> toldSink(SimStage stage, SimAggregate aggregate) {
        boolean isVersioned = random.nextBoolean();
        boolean isPipelined = isVersioned && random.nextBoolean();
        SimToldTable table = new SimToldTable(world, aggregate, stage, isVersioned, isPipelined);
        return wrap.told(world, new SimToldSink(world, table));
    }

    private Sink<SimValue> sink(SimStage stage) {
        return wrap.sink(new SimSink(world, table(stage)));
    }

    private SimTable table(SimStage stage) {
        boolean isVersioned = random.nextBoolean();
        boolean isPipelined = isVersioned && random.nextBoolean();
        SimTable table = new SimTable(world, stage, isVersioned, isPipelined, arriving, isAfterLists);
        world.tables.add(table);
        return table;
    }

    private SimStage add(SimStage.Kind kind, String name, StageOptions options) {
        SimStage stage = new SimStage(
                kind,
                world.stages.size(),
                last,
                name,
                options,
                options.onFailure().orElse(FailurePolicy.stop()),
                random.nextLong());
        world.stages.add(stage);
        last = kind == SimStage.Kind.ALSO_TO ? last : stage.place();
        return stage;
    }

    private StageOptions options(String name, boolean isAsynchronous) {
        StageOptions options = with().name(name).onFailure(policies[random.nextInt(policies.length)]);
        if (!isAsynchronous) {
            return options;
        }
        Ordering[] orderings = Ordering.values();
        options = options.ordering(orderings[random.nextInt(orderings.length)])
                .batch(batching())
                .retry(retry());
        if (random.nextBoolean()) {
            options = options.concurrency(1 + random.nextInt(8));
        }
        if (!world.plan.isCalm && random.nextInt(3) == 0) {
            options = options.timeout(Duration.ofMillis(1 + random.nextInt(50)));
        }
        boolean isStopping = options.onFailure().orElseThrow() instanceof FailurePolicy.Stop;
        if (!world.plan.isCalm && !isStopping && !isAfterAggregate && random.nextInt(4) == 0) {
            options = options.deadline(Duration.ofMillis((long) SimPlan.pick(random, 20, 200, 5_000)));
        }
        return options;
    }

    private StageOptions lookupOptions(String name) {
        return options(name, true).batch(BatchPolicy.whatWaits());
    }

    private BatchPolicy batching() {
        int most = (int) SimPlan.pick(random, 1, 2, 5, 1_000);
        long age = (long) SimPlan.pick(random, 0, 0, 1, 100, 60_000);
        return BatchPolicy.of(most, Duration.ofMillis(age));
    }

    private RetryPolicy retry() {
        RetryPolicy policy = RetryPolicy.exponential(
                Duration.ofMillis(random.nextInt(20)), Duration.ofMillis((long) SimPlan.pick(random, 20, 1_000)));
        return policy.maxAttempts((int) SimPlan.pick(random, 1, 2, 5));
    }

    private List<SimValue> children(SimStage stage, SimValue value) {
        return IntStream.range(0, stage.fanOut(value.record, value.index))
                .mapToObj(value::child)
                .toList();
    }

    private SimFunction function(SimStage stage) {
        return new SimFunction(world, stage);
    }
}
