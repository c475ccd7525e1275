package dev.millrace.pipeline;

/** A pipeline that makes no sense as written. Thrown while it is written, never while it runs. */
public class PipelineDefinitionException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** With what is wrong, and where. */
    public PipelineDefinitionException(String message) {
        super(message);
    }
}
