package dev.millrace.pipeline;

import dev.millrace.pipeline.Preview.Dropped;
import dev.millrace.pipeline.Preview.Failed;
import dev.millrace.pipeline.Preview.Keyed;
import dev.millrace.pipeline.Preview.Made;
import dev.millrace.pipeline.Preview.Outcome;
import dev.millrace.pipeline.graph.PipelineGraph;
import dev.millrace.pipeline.graph.StageNode;
import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.Aggregator;
import dev.millrace.pipeline.spi.Decoder;
import dev.millrace.pipeline.spi.Lookup;
import dev.millrace.pipeline.spi.UnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/*
 * Takes records through the stages of a graph, one value after the other, each to its end: what the engine does, without
 * what makes it hard. It calls the functions of the stages and asks their lookups, but writes nothing, tries nothing again,
 * slows nothing down, and follows no failure policy.
 */
final class PreviewChain {

    private final List<StageNode> stages;
    /** By the name of a stage, the places of those that have their values from it. */
    private final Map<String, List<Integer>> following = new HashMap<>();

    private final Map<String, Lookup<Object, Object>> lookups;
    private final PreviewTime time;
    private final Map<Integer, Map<String, List<Item>>> gathered = new LinkedHashMap<>();
    /** By the name of a limit, how many values have come there. */
    private final Map<String, Long> passed = new HashMap<>();
    /** Of the one aggregate. */
    private final Map<Object, Object> states = new LinkedHashMap<>();

    PreviewChain(PipelineGraph graph, Map<String, Lookup<Object, Object>> lookups, PreviewTime time) {
        this.stages = graph.all();
        List<String> places = stages.stream().map(StageNode::name).toList();
        graph.previous()
                .forEach((name, previous) -> following
                        .computeIfAbsent(previous, first -> new ArrayList<>())
                        .add(places.indexOf(name)));
        this.lookups = lookups;
        this.time = time;
    }

    /** A value on its way, with the records that it was made of. */
    private record Item(
            Set<PreviewTrace> traces,
            PipelineRecord<?> raw,
            @Nullable Object key,
            Object value) {

        Item with(@Nullable Object newKey, Object newValue) {
            return new Item(traces, raw, newKey, newValue);
        }

        void note(int place, StageNode stage, Outcome outcome) {
            traces.forEach(trace -> trace.note(place, stage.name(), outcome));
        }
    }

    /** Takes a record as far as it comes; where it is gathered, the rest of its way follows with its list. */
    PreviewTrace accept(PipelineRecord<?> raw) {
        PreviewTrace trace = new PreviewTrace(raw);
        pass(0, new Item(Set.of(trace), raw, raw.key(), raw.value()));
        return trace;
    }

    /** Nothing more comes: lists go on though they are not full. */
    void end() {
        for (int place = 0; place < stages.size(); place++) {
            Map<String, List<Item>> lists = gathered.remove(place);
            if (lists != null) {
                for (List<Item> list : lists.values()) {
                    handOn(place, list);
                }
            }
        }
    }

    private void pass(int place, Item item) {
        StageNode stage = stages.get(place);
        if (stage instanceof StageNode.Batch batch) {
            gather(place, batch, item);
            return;
        }
        List<Item> made;
        try {
            made = made(stage, item);
        } catch (Throwable failure) {
            Fatal.rethrow(failure);
            item.note(place, stage, new Failed(failure));
            return;
        }
        if (made.isEmpty()) {
            item.note(place, stage, new Dropped());
        }
        for (Item each : made) {
            each.note(place, stage, stage instanceof StageNode.KeyBy ? new Keyed(keyOf(each)) : new Made(each.value()));
            passOn(stage, each);
        }
    }

    private void passOn(StageNode from, Item item) {
        following.getOrDefault(from.name(), List.of()).forEach(place -> pass(place, item));
    }

    private static Object keyOf(Item item) {
        return Objects.requireNonNull(item.key());
    }

    private List<Item> made(StageNode stage, Item item) throws Exception {
        Object value = item.value();
        if (stage instanceof StageNode.From from) {
            return decoded(from, item);
        } else if (stage instanceof StageNode.Map map) {
            return List.of(item.with(item.key(), notNull(map.function().apply(value))));
        } else if (stage instanceof StageNode.Filter filter) {
            return filter.predicate().test(value) ? List.of(item) : List.of();
        } else if (stage instanceof StageNode.FlatMap flatMap) {
            List<Item> made = new ArrayList<>();
            for (Object each : notNull(flatMap.function().apply(value))) {
                made.add(item.with(item.key(), notNull(each)));
            }
            return made;
        } else if (stage instanceof StageNode.KeyBy keyBy) {
            return List.of(item.with(notNull(keyBy.function().apply(value)), value));
        } else if (stage instanceof StageNode.Peek peek) {
            peek.consumer().accept(item.raw().withKey(item.key()).withValue(value));
            return List.of(item);
        } else if (stage instanceof StageNode.Enrich enrich) {
            return enriched(enrich, item);
        } else if (stage instanceof StageNode.Aggregate aggregate) {
            return aggregated(aggregate, item);
        } else if (stage instanceof StageNode.Limit limit) {
            return passed.merge(limit.name(), 1L, Long::sum) <= limit.most() ? List.of(item) : List.of();
        } else if (stage instanceof StageNode.Throttled
                || stage instanceof StageNode.AlsoTo
                || stage instanceof StageNode.To) {
            return List.of(item);
        }
        throw new UnsupportedOperationException("a preview does not know what '" + stage.verb() + "' does");
    }

    /** What would be told if that were all: of the records seen here, and none that a store has kept. */
    private List<Item> aggregated(StageNode.Aggregate stage, Item item) throws Exception {
        Aggregator<Object, Object, Object> aggregator = stage.aggregator();
        Object key = keyOf(item);
        Object former = states.getOrDefault(key, notNull(aggregator.initial()));
        states.put(key, notNull(aggregator.add(former, item.value())));
        if (!stage.isWhole()) {
            return List.of(item.with(key, result(stage, key)));
        }
        List<Object> all = new ArrayList<>();
        for (Object each : states.keySet()) {
            all.add(result(stage, each));
        }
        return List.of(item.with(null, List.copyOf(all)));
    }

    private Object result(StageNode.Aggregate stage, Object key) throws Exception {
        Object state = Objects.requireNonNull(states.get(key));
        return notNull(stage.result().apply(key, notNull(stage.aggregator().result(state))));
    }

    @SuppressWarnings("unchecked")
    private static List<Item> decoded(StageNode.From from, Item item) throws Exception {
        PipelineRecord<Object> record = (PipelineRecord<Object>) item.raw();
        for (Decoder<Object, Object> decoder : from.decoders()) {
            Object value = decoder.decode(record);
            if (value == null) {
                return List.of();
            }
            record = record.withKey(decoder.decodeKey(record)).withValue(value);
        }
        return List.of(item.with(record.key(), record.value()));
    }

    private List<Item> enriched(StageNode.Enrich stage, Item item) throws Exception {
        Object question = notNull(stage.keyOf().apply(item.value()));
        Lookup<Object, Object> lookup = Objects.requireNonNull(lookups.get(stage.name()));
        Optional<Object> answer = Objects.requireNonNull(
                await(notNull(lookup.find(question)), stage.options().timeout()),
                "the lookup answered null rather than an empty Optional");
        return answer.isEmpty() && stage.inner()
                ? List.of()
                : List.of(item.with(item.key(), notNull(stage.combine().apply(item.value(), answer))));
    }

    private <T> @Nullable T await(CompletionStage<T> answer, Optional<Duration> timeout) throws Exception {
        CompletableFuture<T> future = new CompletableFuture<>();
        answer.whenComplete((result, failure) -> {
            if (failure == null) {
                future.complete(result);
            } else {
                future.completeExceptionally(failure);
            }
        });
        long left = time.left();
        long patience = Math.min(left, timeout.map(PreviewTime::nanos).orElse(left));
        try {
            return future.get(patience, TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
            throw new UnavailableException("no answer within " + Duration.ofNanos(patience));
        } catch (InterruptedException interrupted) {
            time.interrupted();
            throw new UnavailableException("no answer before the preview was interrupted");
        } catch (ExecutionException failed) {
            Throwable cause = unwrapped(failed);
            Fatal.rethrow(cause);
            throw cause instanceof Exception exception ? exception : failed;
        }
    }

    private void gather(int place, StageNode.Batch batch, Item item) {
        Map<String, List<Item>> lists = gathered.computeIfAbsent(place, same -> new LinkedHashMap<>());
        List<Item> list = lists.computeIfAbsent(item.raw().partition(), same -> new ArrayList<>());
        list.add(item);
        if (list.size() == batch.size()) {
            lists.remove(item.raw().partition());
            handOn(place, list);
        }
    }

    private void handOn(int place, List<Item> list) {
        Set<PreviewTrace> traces = new LinkedHashSet<>();
        list.forEach(item -> traces.addAll(item.traces()));
        List<Object> values = list.stream().map(Item::value).toList();
        PipelineRecord<?> raw =
                PipelineRecord.ofList(values, list.stream().map(Item::raw).toList());
        Item made = new Item(traces, raw, null, values);
        made.note(place, stages.get(place), new Made(values));
        passOn(stages.get(place), made);
    }

    private static <T> T notNull(@Nullable T answer) {
        return Objects.requireNonNull(answer, "the function of the stage answered null");
    }

    private static Throwable unwrapped(Throwable failure) {
        Throwable inner = failure;
        while ((inner instanceof CompletionException || inner instanceof ExecutionException)
                && inner.getCause() != null) {
            inner = inner.getCause();
        }
        return inner;
    }
}
