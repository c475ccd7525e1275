package dev.millrace.pipeline.runtime;

/**
 * A value of a record at a stage.
 *
 * @param place of the stage in the pipeline
 * @param index of the value within its record
 */
record SimSight(int place, int index) {}
