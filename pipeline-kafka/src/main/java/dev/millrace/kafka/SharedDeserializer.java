package dev.millrace.kafka;

/** Marks deserializers that several threads may call at once. */
interface SharedDeserializer {}
