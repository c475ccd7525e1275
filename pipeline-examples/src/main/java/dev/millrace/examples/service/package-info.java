/** A pipeline in a plain service: what tells whether it lives and is ready, and how it ends when it is told to. */
@NullMarked
package dev.millrace.examples.service;

import org.jspecify.annotations.NullMarked;
