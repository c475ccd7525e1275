package dev.millrace.benchmarks.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class SvgTest {

    @Test
    void shouldMarkEachValueAndNameEachLine() throws Exception {
        Plot plot = new Plot(
                "ns & more",
                "keys < all",
                List.of("1", "10", "100"),
                Plot.Kind.LINEAR,
                List.of(
                        new Plot.Series("time", List.of(1.0, 2.0, 3.0)),
                        new Plot.Series("CPU", List.of(2.0, 1.0, Double.NaN))));

        Document drawn = parsed(Svg.of(List.of(plot, plot)));

        assertThat(drawn.getElementsByTagName("circle").getLength()).isEqualTo(2 * 5);
        assertThat(drawn.getDocumentElement().getTextContent())
                .contains("ns & more", "keys < all", "time", "CPU", "100");
    }

    private static Document parsed(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
    }
}
