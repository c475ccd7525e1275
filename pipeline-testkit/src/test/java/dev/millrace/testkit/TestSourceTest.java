package dev.millrace.testkit;

import dev.millrace.pipeline.spi.Source;
import dev.millrace.testkit.contract.SourceContract;
import java.util.List;

class TestSourceTest extends SourceContract<String> {

    private final TestSource<String> source = new TestSource<>();

    @Override
    protected Source<String> source() {
        return source;
    }

    @Override
    protected String value(int number) {
        return "value " + number;
    }

    @Override
    protected void add(List<String> values) {
        values.forEach(source::add);
    }

    @Override
    protected boolean keepsPosition() {
        return true;
    }
}
