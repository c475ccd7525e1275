package dev.millrace.examples.activity;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import java.io.IOException;
import java.util.List;

/** A message: an array of attempts, or a single one by itself. */
@JsonDeserialize(using = Attempts.Reader.class)
record Attempts(List<Attempt> all) {

    static final class Reader extends StdDeserializer<Attempts> {

        private static final long serialVersionUID = 1L;

        Reader() {
            super(Attempts.class);
        }

        @Override
        public Attempts deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            return new Attempts(
                    parser.isExpectedStartArrayToken()
                            ? List.of(context.readValue(parser, Attempt[].class))
                            : List.of(context.readValue(parser, Attempt.class)));
        }
    }
}
