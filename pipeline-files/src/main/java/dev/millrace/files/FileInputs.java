package dev.millrace.files;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One file or several, as the user named them. */
interface FileInputs {

    /** What a message or a diagram calls them. */
    String place();

    /**
     * The files as they are now, one or more, in the order in which they are read.
     *
     * @throws IOException if there is none
     */
    List<FileInput> list() throws IOException;

    /**
     * What is equal as long as nothing tells that the files have changed; null where that cannot be told, and the
     * content must be read.
     */
    @Nullable
    Object stamp();

    /**
     * The files in this directory whose names match.
     *
     * @throws IllegalStateException if this is no path, so that there can be no files in it
     */
    FileInputs matching(String pattern);
}
