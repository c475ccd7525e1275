package dev.millrace.kafka;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.Uuid;

/**
 * Tells when a topic was deleted, and when it was created again. A broker that has not heard of it yet, and an answer
 * that comes late, tell of the former topic; to believe them would end the pipeline, or begin the topic anew, without a
 * reason. So it takes two answers in a row, and none counts that was asked for before the last change. Belongs to the
 * thread that polls.
 */
final class TopicChanges {

    private final TopicWatch watch;
    private final TopicIds ids;
    private final List<String> topics;
    /** What the last answer said of topics that are others by it. */
    private final Map<String, Uuid> heard = new HashMap<>();
    /** What the last answer left out. */
    private Set<String> absent = Set.of();
    /** Of that, what the answer before it left out as well. */
    private Set<String> gone = Set.of();

    TopicChanges(TopicWatch watch, TopicIds ids, List<String> topics) {
        this.watch = watch;
        this.ids = ids;
        this.topics = topics;
    }

    /** The topics that do not exist at present. */
    Set<String> gone() {
        return gone;
    }

    /** The topics that have become other ones since this was last asked, with their ids. Never blocks. */
    Map<String, Uuid> news() {
        return watch.news().map(this::changed).orElse(Map.of());
    }

    /** As {@link #news}, for a failure that it may explain. Blocks, within a limit. */
    Map<String, Uuid> now() {
        Map<String, Uuid> changed = askNow();
        return changed.isEmpty() && !heard.isEmpty() ? askNow() : changed;
    }

    private Map<String, Uuid> askNow() {
        return watch.askNow().map(this::changed).orElse(Map.of());
    }

    private Map<String, Uuid> changed(Map<String, Uuid> answer) {
        lookForAbsent(answer.keySet());
        Map<String, Uuid> changed = new HashMap<>();
        answer.forEach((topic, id) -> {
            if (!ids.isAnother(topic, id)) {
                heard.remove(topic);
            } else if (id.equals(heard.put(topic, id))) {
                changed.put(topic, id);
            }
        });
        if (!changed.isEmpty()) {
            changed.forEach(ids::replace);
            heard.clear();
            watch.forgetQuestions();
        } else if (!heard.isEmpty() || !absent.equals(gone)) {
            watch.askAgain();
        }
        return changed;
    }

    private void lookForAbsent(Set<String> present) {
        Set<String> before = absent;
        absent = new TreeSet<>(topics);
        absent.removeAll(present);
        gone = new TreeSet<>(absent);
        gone.retainAll(before);
    }
}
