package dev.millrace.files;

import dev.millrace.files.internal.FileGlob;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The files of a directory whose names match. */
record GlobInputs(FileGlob glob) implements FileInputs {

    @Override
    public String place() {
        return glob.toString();
    }

    @Override
    public List<FileInput> list() throws IOException {
        return glob.list().stream().map(FileInput::of).toList();
    }

    @Override
    public @Nullable Object stamp() {
        List<Object> stamps = new ArrayList<>();
        try {
            for (FileInput file : list()) {
                Object stamp = file.stamp();
                if (stamp == null) {
                    return null;
                }
                stamps.add(stamp);
            }
        } catch (IOException e) {
            return null;
        }
        return stamps;
    }

    @Override
    public FileInputs matching(String pattern) {
        return new GlobInputs(glob.matching(pattern));
    }
}
