package dev.millrace.files;

import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.Decoder;
import java.io.IOException;

/** What a table is made of: the items of a source, and what each becomes. */
interface TableRows<R, V> {

    /** The file as the user named it. */
    FileInputs input();

    Items<R> open() throws IOException;

    Decoder<R, V> decoder();

    /** Where an item is, such as {@code cities.csv line 17}. */
    String place(PipelineRecord<R> item);
}
