package dev.millrace.json;

import com.fasterxml.jackson.core.JsonGenerationException;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.JsonGeneratorDelegate;
import java.io.IOException;

/** Refuses to write what is no number, for which JSON has a text at best: it would be read as another value. */
final class FiniteNumbers extends JsonGeneratorDelegate {

    FiniteNumbers(JsonGenerator generator) {
        super(generator, false);
    }

    @Override
    public void writeNumber(double value) throws IOException {
        check(value);
        super.writeNumber(value);
    }

    @Override
    public void writeNumber(float value) throws IOException {
        check(value);
        super.writeNumber(value);
    }

    @Override
    public void writeArray(double[] array, int offset, int length) throws IOException {
        for (int i = offset; i < offset + length; i++) {
            check(array[i]);
        }
        super.writeArray(array, offset, length);
    }

    private void check(double value) throws IOException {
        if (!Double.isFinite(value)) {
            throw new NotFiniteException(this);
        }
    }

    /** Said in words by {@link JsonRefusals}. */
    static final class NotFiniteException extends JsonGenerationException {

        private static final long serialVersionUID = 1L;

        NotFiniteException(JsonGenerator generator) {
            super("not finite", generator);
        }
    }
}
