package dev.millrace.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import java.io.IOException;
import java.math.BigDecimal;

/**
 * Refuses numbers that would become infinite, such as {@code 1e400} as a double, and those of which a few letters make
 * millions of digits as soon as anybody asks for their integer, such as {@code 1e999999999}.
 */
final class StrictNumbers extends JsonParserDelegate {

    static final int MOST_DIGITS = 1_000;

    StrictNumbers(JsonParser parser) {
        super(parser);
    }

    /** Never: JSON has no such number, and one that is beyond a double is read as a decimal. */
    @Override
    public boolean isNaN() {
        return false;
    }

    @Override
    public double getDoubleValue() throws IOException {
        double value = super.getDoubleValue();
        if (!Double.isFinite(value)) {
            throw outOfRange(double.class);
        }
        return value;
    }

    @Override
    public float getFloatValue() throws IOException {
        float value = super.getFloatValue();
        if (!Float.isFinite(value)) {
            throw outOfRange(float.class);
        }
        return value;
    }

    @Override
    public BigDecimal getDecimalValue() throws IOException {
        BigDecimal value = super.getDecimalValue();
        if (Math.abs((long) value.scale()) > MOST_DIGITS) {
            throw outOfRange(BigDecimal.class);
        }
        return value;
    }

    @Override
    public Number getNumberValue() throws IOException {
        return hasToken(JsonToken.VALUE_NUMBER_FLOAT) ? getDecimalValue() : super.getNumberValue();
    }

    @Override
    public Number getNumberValueExact() throws IOException {
        return hasToken(JsonToken.VALUE_NUMBER_FLOAT) ? getDecimalValue() : super.getNumberValueExact();
    }

    /** Of what is kept for later, nobody knows yet what it will be: a double too must be able to hold it. */
    @Override
    public Object getNumberValueDeferred() throws IOException {
        if (!hasToken(JsonToken.VALUE_NUMBER_FLOAT)) {
            return super.getNumberValueDeferred();
        }
        BigDecimal value = getDecimalValue();
        if (!Double.isFinite(value.doubleValue())) {
            throw outOfRange(double.class);
        }
        return value;
    }

    private InputCoercionException outOfRange(Class<?> type) {
        return new InputCoercionException(delegate, "out of range", currentToken(), type);
    }
}
