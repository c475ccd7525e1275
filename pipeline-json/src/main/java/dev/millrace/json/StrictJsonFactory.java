package dev.millrace.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.ObjectCodec;
import com.fasterxml.jackson.core.io.IOContext;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Makes parsers of bytes that are {@link StrictNumbers}. */
final class StrictJsonFactory extends JsonFactory {

    private static final long serialVersionUID = 1L;

    StrictJsonFactory(JsonFactoryBuilder builder) {
        super(builder);
    }

    private StrictJsonFactory(StrictJsonFactory original, @Nullable ObjectCodec codec) {
        super(original, codec);
    }

    @Override
    public JsonFactory copy() {
        return new StrictJsonFactory(this, null);
    }

    @Override
    protected JsonParser _createParser(byte[] data, int offset, int length, IOContext context) throws IOException {
        return new StrictNumbers(super._createParser(data, offset, length, context));
    }
}
