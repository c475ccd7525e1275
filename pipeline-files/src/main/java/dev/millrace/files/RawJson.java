package dev.millrace.files;

import dev.millrace.files.internal.FileItems;
import dev.millrace.files.internal.ItemReader;
import dev.millrace.files.internal.Items;
import dev.millrace.pipeline.spi.Source;
import dev.millrace.pipeline.spi.SourceContext;
import dev.millrace.pipeline.spi.SourceReader;
import java.io.IOException;

/** The bytes of each value in a file, before anything is made of them. */
record RawJson(FileInputs input, JsonForm form, int maxLength) implements Source<byte[]> {

    Items<byte[]> values() throws IOException {
        return FileItems.open(input.list(), file -> form.open(file, maxLength));
    }

    @Override
    public SourceReader<byte[]> open(SourceContext context) throws IOException {
        return new ItemReader<>(values(), context);
    }

    @Override
    public String describe() {
        return "JSON file " + input.place();
    }
}
