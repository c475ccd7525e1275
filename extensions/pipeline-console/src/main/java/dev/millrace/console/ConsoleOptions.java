package dev.millrace.console;

/** What a console may do. */
record ConsoleOptions(int port, boolean showsPayloads, boolean allowsControl) {}
