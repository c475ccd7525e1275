package dev.millrace.http;

/** What a status says of a lookup; see {@link HttpLookup#status}. */
public enum StatusMeaning {
    /** There is nothing for the key. A left join goes on without an answer, an inner one drops the value. */
    NO_ANSWER,
    /** The record asks for what it must not: the failure policy follows at once. */
    RECORD_REFUSED,
    /** No record is to blame: asked again with back-off for as long as it takes. */
    UNAVAILABLE,
    /** No record could pass, and waiting does not mend it: the pipeline ends in FAILED whatever the failure policy. */
    STAGE_FAILED
}
