package dev.millrace.console;

import dev.millrace.pipeline.runtime.RunningPipeline;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The pipelines that are shown, those that came first at the front. Thread-safe. */
final class Gallery {

    private static final int MOST_ENDED = 10;

    private final List<Watched> all = new ArrayList<>();
    private final Map<RunningPipeline, Watched> live = new HashMap<>();
    private int last;

    synchronized void begin(RunningPipeline running, FailureLog failures, long now) {
        live.computeIfAbsent(running, come -> {
            Watched watched = new Watched(++last, come, failures, now);
            all.add(watched);
            return watched;
        });
    }

    void end(RunningPipeline running, long now) {
        Optional<Watched> watched = takeOut(running);
        watched.ifPresent(found -> found.ended(now, running));
    }

    private synchronized Optional<Watched> takeOut(RunningPipeline running) {
        Optional<Watched> watched = Optional.ofNullable(live.remove(running));
        List<Watched> ended =
                all.stream().filter(each -> !live.containsValue(each)).toList();
        if (ended.size() > MOST_ENDED) {
            all.remove(ended.get(0));
        }
        return watched;
    }

    void sample(long now) {
        all().forEach(watched -> watched.sample(now));
    }

    synchronized List<Watched> all() {
        return List.copyOf(all);
    }

    Optional<Watched> find(String id) {
        return all().stream()
                .filter(watched -> String.valueOf(watched.id()).equals(id))
                .findFirst();
    }
}
