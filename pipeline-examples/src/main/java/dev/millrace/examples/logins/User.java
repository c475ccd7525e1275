package dev.millrace.examples.logins;

import org.jspecify.annotations.Nullable;

/** What is looked up of a row of the table of users. */
record User(String loginId, @Nullable String userName) {}
