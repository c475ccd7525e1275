package dev.millrace.examples.imdb;

import dev.millrace.pipeline.spi.StateStore;
import dev.millrace.state.StateDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What a run writes, and what the next one goes on from. */
record ImdbFiles(Path directory) {

    private static final String STATES = "states";

    /** Makes what is missing of the directories. */
    static ImdbFiles in(Path directory) throws IOException {
        ImdbFiles files = new ImdbFiles(directory);
        for (Path each : List.of(
                files.silver(),
                files.genreTable().getParent(),
                files.genreCounts().getParent())) {
            Files.createDirectories(each);
        }
        return files;
    }

    /** A directory, to which files are added. */
    Path silver() {
        return directory.resolve("parquet").resolve("silver_movies");
    }

    Path genreTable() {
        return directory.resolve("parquet").resolve("genre_counts").resolve("genre_counts.parquet");
    }

    Path genreCounts() {
        return directory.resolve("csv").resolve("genre_counts").resolve("genre_counts.csv");
    }

    /** How far the producer is, and what has been counted. */
    StateStore states() {
        return StateDirectory.at(directory.resolve(STATES));
    }

    boolean areOfAnEarlierRun() {
        return Files.exists(directory.resolve(STATES));
    }
}
