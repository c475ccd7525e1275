package dev.millrace.state;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A program of the tests in a JVM of its own, which can be killed. */
final class ChildJvm {

    private ChildJvm() {}

    /** Its arguments begin with the directory of states. */
    static Process start(Class<?> program, Path directory, Path temporary, List<String> launcher) throws IOException {
        List<String> command = new ArrayList<>(launcher);
        command.addAll(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-Dorg.sqlite.tmpdir=" + temporary,
                "-cp",
                System.getProperty("java.class.path"),
                program.getName(),
                directory.toString()));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }
}
