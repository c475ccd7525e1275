package dev.millrace.pipeline;

import dev.millrace.pipeline.Preview.Outcome;
import dev.millrace.pipeline.record.PipelineRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes down what becomes of one record. */
final class PreviewTrace {

    private final PipelineRecord<?> raw;
    private final List<Map<String, Outcome>> rows = new ArrayList<>();
    /** Place of the stage that was noted last. */
    private int last = Integer.MAX_VALUE;

    PreviewTrace(PipelineRecord<?> raw) {
        this.raw = raw;
    }

    PipelineRecord<?> raw() {
        return raw;
    }

    /**
     * Values are followed to their end one by one; so one that comes to an earlier stage than the last begins a row.
     */
    void note(int place, String stage, Outcome outcome) {
        if (place <= last) {
            rows.add(new LinkedHashMap<>());
        }
        last = place;
        rows.get(rows.size() - 1).put(stage, outcome);
    }

    Preview.RecordView view() {
        return new Preview.RecordView(raw.position(), rows);
    }
}
