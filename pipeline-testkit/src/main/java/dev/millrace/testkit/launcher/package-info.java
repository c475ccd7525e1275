/** What runs in a server's own JVM. */
package dev.millrace.testkit.launcher;
