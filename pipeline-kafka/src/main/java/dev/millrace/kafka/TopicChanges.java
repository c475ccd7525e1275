package dev.millrace.kafka;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.Uuid;

/**
 * Tells when a topic was deleted and created again. A broker that has not heard of it yet, and an answer that comes late,
 * tell of the former topic; to believe them would end the pipeline, or begin the topic anew, without a reason. So it takes
 * two answers in a row, and none counts that was asked for before the last change. Belongs to the thread that polls.
 */
final class TopicChanges {

    private final TopicWatch watch;
    private final TopicIds ids;
    /** What the last answer said of topics that are others by it. */
    private final Map<String, Uuid> heard = new HashMap<>();

    TopicChanges(TopicWatch watch, TopicIds ids) {
        this.watch = watch;
        this.ids = ids;
    }

    /** The topics that have become other ones since this was last asked, with their ids. Never blocks. */
    Map<String, Uuid> news() {
        return changed(watch.news());
    }

    /** As {@link #news}, for a failure that it may explain. Blocks, within a limit. */
    Map<String, Uuid> now() {
        Map<String, Uuid> changed = changed(watch.askNow());
        return changed.isEmpty() && !heard.isEmpty() ? changed(watch.askNow()) : changed;
    }

    private Map<String, Uuid> changed(Map<String, Uuid> answer) {
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
        } else if (!heard.isEmpty()) {
            watch.askAgain();
        }
        return changed;
    }
}
