package dev.millrace.parquet;

import dev.millrace.files.internal.NamedFile;
import dev.millrace.files.internal.WholeFile;
import dev.millrace.parquet.Positions.Position;
import dev.millrace.pipeline.record.PipelineRecord;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/*
 * A directory of files of rows, and which rows they hold.
 *
 * A row is known by its fingerprint: of the offset and the time of its record, and of its values. Files of other pipelines
 * or stages, and such as cannot be read as these rows, do not count. What a file holds is only looked at where its name
 * says that it may hold a row that is about to be written, which is after a restart or a rebalance.
 *
 * Used by one thread at a time, which has the directory's lock.
 */
final class PartDirectory<T extends Record> {

    private static final Logger LOG = System.getLogger("dev.millrace.parquet");
    private static final String WRITER = "millrace.writer";
    private static final String POSITIONS = "millrace.positions";

    private final Path directory;
    private final String writer;
    private final RowWriter<T> rows;
    /** Per partition, what the files hold that overlap with its last batch. */
    private final Map<String, Map<Path, Map<Long, Integer>>> known = new HashMap<>();

    PartDirectory(Path directory, String writer, RowWriter<T> rows) {
        this.directory = directory;
        this.writer = writer;
        this.rows = rows;
    }

    /**
     * How many rows of each fingerprint there are in the files that may have these.
     *
     * @param positions of the records of these rows
     */
    Map<Long, Integer> held(PartName name, Set<Position> positions, List<Path> files) throws IOException {
        Map<Path, Map<Long, Integer>> before = known.getOrDefault(name.partition(), Map.of());
        Map<Path, Map<Long, Integer>> overlapping = new HashMap<>();
        for (Path file : files) {
            Optional<PartName> there = PartName.parse(String.valueOf(file.getFileName()));
            if (there.isPresent() && there.get().overlaps(name)) {
                Map<Long, Integer> counts = before.get(file);
                overlapping.put(file, counts == null ? counts(file, positions) : counts);
            }
        }
        overlapping.values().removeIf(Map::isEmpty);
        if (overlapping.isEmpty()) {
            known.remove(name.partition());
        } else {
            known.put(name.partition(), overlapping);
        }
        Map<Long, Integer> held = new HashMap<>();
        overlapping.values().forEach(counts -> counts.forEach((row, count) -> held.merge(row, count, Integer::sum)));
        return held;
    }

    /** Of a file that has rows of records at these positions, how many of each fingerprint. */
    private Map<Long, Integer> counts(Path file, Set<Position> wanted) {
        Map<Long, Integer> counts = new HashMap<>();
        try {
            List<Position> positions = positions(file);
            if (Collections.disjoint(wanted, positions)) {
                return counts;
            }
            try (RowReader<T> reader = RowReader.open(NamedFile.of(file), rows.rows())) {
                for (Position position : positions) {
                    PipelineRecord<T> row = reader.next();
                    if (row != null && position.isCertain()) {
                        long fingerprint =
                                rows.rows().fingerprint(position.offset(), position.timestamp(), row.value());
                        counts.merge(fingerprint, 1, Integer::sum);
                    }
                }
            }
        } catch (IOException e) {
            LOG.log(
                    Level.WARNING,
                    "[" + writer + "] what is there cannot be read, and may be written again: " + e.getMessage());
        }
        return counts;
    }

    /** Of each row of a file of this stage, where it comes from. */
    private List<Position> positions(Path file) throws IOException {
        Map<String, String> notes = RowReader.notes(file);
        String positions = notes.get(POSITIONS);
        return positions != null && writer.equals(notes.get(WRITER)) ? Positions.decode(positions) : List.of();
    }

    List<Path> files() throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, "*.parquet")) {
            found.forEach(files::add);
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return files;
    }

    /** Writes a file of these rows, whose name is not that of another one. */
    void write(PartName name, List<PipelineRecord<T>> records, List<Path> files) throws IOException {
        Set<Path> taken = new HashSet<>(files);
        int number = 0;
        while (taken.contains(directory.resolve(name.file(number)))) {
            number++;
        }
        RowWriter<T> noted = rows.withNotes(Map.of(WRITER, writer, POSITIONS, Positions.encode(records)));
        List<T> values = records.stream().map(PipelineRecord::value).toList();
        WholeFile.write(directory.resolve(name.file(number)), stream -> noted.write(stream, values));
    }
}
