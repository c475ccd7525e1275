package dev.millrace.testkit;

import dev.millrace.testkit.launcher.ServerLauncher;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where a server keeps its configuration, data and log: a temporary directory, or one that the user named. */
final class ServerDirectory {
    private static final List<String> LAUNCHER_CLASSES =
            List.of("ServerLauncher", "KafkaLauncher", "CassandraLauncher");
    private static final int TAIL_BYTES = 16_000;
    private static final int TAIL_LINES = 40;

    private final Path path;
    private final boolean temporary;

    private ServerDirectory(Path path, boolean temporary) {
        this.path = path;
        this.temporary = temporary;
    }

    static ServerDirectory create(String name, @Nullable Path chosen) {
        try {
            return chosen == null
                    ? new ServerDirectory(
                            Files.createTempDirectory("millrace-" + name + "-").toRealPath(), true)
                    : new ServerDirectory(Files.createDirectories(chosen).toRealPath(), false);
        } catch (IOException e) {
            throw new UncheckedIOException("no directory for the " + name + " server", e);
        }
    }

    Path path() {
        return path;
    }

    boolean isTemporary() {
        return temporary;
    }

    Path log() {
        return path.resolve("server.log");
    }

    Path subdirectory(String name) {
        try {
            return Files.createDirectories(path.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path write(String name, String content) {
        try {
            return Files.writeString(path.resolve(name), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The ports that a server in this directory listens on: those of its last start, so that its clients find it again,
     * else free ones. A first port other than 0 is taken as it is.
     */
    List<Integer> ports(int count, int first) {
        List<Integer> ports = new ArrayList<>();
        Path file = path.resolve("ports");
        try {
            if (Files.exists(file)) {
                Files.readAllLines(file).forEach(line -> ports.add(Integer.parseInt(line)));
            }
            while (ports.size() < count) {
                ports.add(FreePorts.next());
            }
            if (first != 0) {
                ports.set(0, first);
            }
            Files.write(file, ports.stream().map(String::valueOf).toList());
            return List.copyOf(ports);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NumberFormatException e) {
            throw new ServerStartException(file + " must hold a port number on each line", e);
        }
    }

    /** Copies the launcher out of the test kit, wherever that was loaded from, for the child's class path. */
    Path extractLauncher() {
        Path target = subdirectory("launcher");
        for (String name : LAUNCHER_CLASSES) {
            String resource = ServerLauncher.class.getPackageName().replace('.', '/') + "/" + name + ".class";
            try (InputStream in = ServerLauncher.class.getResourceAsStream("/" + resource)) {
                if (in == null) {
                    throw new IllegalStateException("the test kit lacks " + resource);
                }
                Path file = target.resolve(resource);
                Files.createDirectories(file.getParent());
                Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return target;
    }

    long logLength() {
        return log().toFile().length();
    }

    /** What the log holds from a position on, at most its last lines. */
    String logTail(long position) {
        try (RandomAccessFile file = new RandomAccessFile(log().toFile(), "r")) {
            long start = Math.max(position, file.length() - TAIL_BYTES);
            byte[] bytes = new byte[(int) (file.length() - start)];
            file.seek(start);
            file.readFully(bytes);
            List<String> lines =
                    new String(bytes, StandardCharsets.UTF_8).lines().toList();
            return String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** For a directory that no server runs in any more. */
    void delete() {
        try {
            deleteTree();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void deleteTree() throws IOException {
        Files.walkFileTree(path, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
                    throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
