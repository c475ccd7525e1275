package dev.millrace.examples.ratings;

import static dev.millrace.examples.ratings.Movie.normalise;

import dev.millrace.examples.ExampleException;
import dev.millrace.files.Csv;
import dev.millrace.files.CsvSource;
import dev.millrace.files.CsvTable;
import dev.millrace.files.Duplicates;
import dev.millrace.pipeline.spi.Enricher;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which films there are. */
final class CatalogueOptions {

    @Option(
            names = "--catalogue",
            paramLabel = "FILE",
            description = {
                "CSV with the columns show_id,title,director,country,release_year,rating,duration;"
                        + " by default the sample that comes with the example. Of titles that occur twice the first counts."
            })
    @Nullable
    Path catalogue;

    /** The table to be; a file that is not there is told of before anything is started. */
    Enricher<String, Movie> movies() {
        if (catalogue != null && !Files.isReadable(catalogue)) {
            throw new ExampleException("there is no readable file '" + catalogue + "'");
        }
        CsvSource<Movie> films = catalogue == null
                ? Csv.resource(CatalogueOptions.class, "catalogue.csv", Movie.class)
                : Csv.source(catalogue, Movie.class);
        // docs:begin
        return CsvTable.of(films).keyedBy(movie -> normalise(movie.title())).duplicates(Duplicates.FIRST_WINS);
        // docs:end
    }
}
