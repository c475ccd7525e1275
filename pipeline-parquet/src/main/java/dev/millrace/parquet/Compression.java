package dev.millrace.parquet;

/** How the columns of a Parquet file are packed. Whatever it is, it is known when the file is read. */
public enum Compression {
    /** Not at all. */
    NONE,
    /** The default: every reader knows it, and the JDK has it. */
    GZIP,
    /** Faster and larger than {@link #GZIP}; loads a native library. */
    SNAPPY,
    /** Faster than {@link #GZIP} and no larger; loads a native library. */
    ZSTD
}
