package dev.millrace.benchmarks.workload;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/** What everyone does with a record who has no JSON and no tables of their own. Thread-safe. */
public final class Job {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .build();

    private final ObjectReader ratings = MAPPER.readerFor(Rating.class);
    private final ObjectWriter rows = MAPPER.writerFor(EnrichedRating.class);
    private final Map<String, Movie> films = Catalogue.films();

    /** Reads a rating. */
    public Rating rating(byte[] json) {
        try {
            return ratings.readValue(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Joins a rating with its film. */
    public EnrichedRating row(Rating rating) {
        return EnrichedRating.of(rating, films.get(Catalogue.normalised(rating.movie())));
    }

    /** Reads a rating, and joins it with its film. */
    public EnrichedRating row(byte[] json) {
        return row(rating(json));
    }

    /** Writes a row. */
    public byte[] json(EnrichedRating row) {
        try {
            return rows.writeValueAsBytes(row);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
