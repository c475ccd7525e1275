package dev.millrace.files;

import dev.millrace.files.internal.Items;
import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.Decoder;
import java.io.IOException;

/** What a table is made of: the items of a source, and what each becomes. */
interface TableRows<R, V> {

    /** The file as the user named it. */
    FileInputs input();

    Items<R> open() throws IOException;

    Decoder<R, V> decoder();

    /** What tells an item from the others of its file. */
    long number(PipelineRecord<R> item);

    /** Where in its file the item of that number is, such as {@code line 17}. */
    String place(long number);
}
