package dev.millrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JavaSearchTest {
    private static final List<Integer> WANTED = List.of(17, 21);

    @TempDir
    private Path directory;

    private Path folder;
    private JavaHome current25;

    @BeforeEach
    void installCurrent() throws IOException {
        folder = Files.createDirectory(directory.resolve("jvm"));
        current25 = new JavaHome(install(directory.resolve("current"), "25.0.1"), 25);
    }

    @Test
    void shouldReadTheVersionFromTheReleaseFile() throws IOException {
        assertThat(JavaHome.at(install(folder.resolve("a"), "17.0.15")))
                .map(JavaHome::version)
                .hasValue(17);
        assertThat(JavaHome.at(install(folder.resolve("b"), "21")))
                .map(JavaHome::version)
                .hasValue(21);
        assertThat(JavaHome.at(install(folder.resolve("c"), "1.8.0_402"))).isEmpty();
        assertThat(JavaHome.at(folder.resolve("missing"))).isEmpty();
    }

    @Test
    void shouldSkipADirectoryWithoutAJavaToRun() throws IOException {
        Path broken = install(folder.resolve("broken"), "17.0.1");
        Files.delete(broken.resolve("bin/java"));

        assertThat(search(Map.of()).find(WANTED)).isEmpty();
    }

    @Test
    void shouldTakeTheRunningJavaWhenItIsOneOfThePreferredVersion() throws IOException {
        install(folder.resolve("jdk-17"), "17.0.1");
        JavaHome current17 = new JavaHome(install(directory.resolve("mine"), "17.0.9"), 17);

        assertThat(new JavaSearch(current17, Map.of(), List.of(folder)).find(WANTED))
                .hasValue(current17);
    }

    @Test
    void shouldFindThePreferredVersionInAFolderWhenTheRunningJavaWillNotDo() throws IOException {
        install(folder.resolve("a-21"), "21.0.2");
        Path wanted = install(folder.resolve("b-17"), "17.0.1");
        install(folder.resolve("c-11"), "11.0.22");

        assertThat(search(Map.of()).find(WANTED)).hasValue(new JavaHome(wanted, 17));
    }

    @Test
    void shouldLookIntoABundleOfMacOs() throws IOException {
        Path home = install(folder.resolve("temurin-17.jdk/Contents/Home"), "17.0.1");

        assertThat(search(Map.of()).find(WANTED)).hasValue(new JavaHome(home, 17));
    }

    @Test
    void shouldPreferWhatTheEnvironmentNames() throws IOException {
        install(folder.resolve("jdk-17"), "17.0.1");
        Path named = install(directory.resolve("elsewhere"), "17.0.2");

        for (String variable : List.of(
                "JAVA_HOME",
                "JAVA_HOME_17",
                "JAVA_HOME_17_X64",
                "JAVA_17_HOME",
                "JAVA17_HOME",
                "JDK17_HOME",
                "JDK_17_HOME")) {
            assertThat(search(Map.of(variable, named.toString())).find(WANTED))
                    .as(variable)
                    .hasValue(new JavaHome(named, 17));
        }
        assertThat(search(Map.of("MAVEN_HOME", named.toString())).find(WANTED))
                .isNotEqualTo(Optional.of(new JavaHome(named, 17)));
    }

    @Test
    void shouldSayWhatToDoWhenCassandraHasNoJava() {
        assertThatThrownBy(() -> CassandraRecipe.of(CassandraServer.builder().options(), search(Map.of()), 0))
                .isInstanceOf(ServerStartException.class)
                .hasMessage("Cassandra 5.0.9 needs a Java 17 or 21, and this machine has none that could be found."
                        + " Install a JDK 17 and set JAVA_HOME_17 to it, or set -Dmillrace.cassandra=host:port to use a"
                        + " server that runs already");
    }

    @Test
    void shouldRefuseAJavaHomeThatIsNone() {
        CassandraServer.Builder builder = CassandraServer.builder().javaHome(folder);

        assertThatThrownBy(() -> CassandraRecipe.of(builder.options(), search(Map.of()), 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("javaHome must be a Java installation with a release file, got " + folder);
    }

    private JavaSearch search(Map<String, String> environment) {
        return new JavaSearch(current25, environment, List.of(folder, directory.resolve("no-such-folder")));
    }

    private static Path install(Path home, String version) throws IOException {
        Path java = Files.createDirectories(home.resolve("bin")).resolve("java");
        Files.createFile(java);
        assertThat(java.toFile().setExecutable(true)).isTrue();
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"X\"\nJAVA_VERSION=\"" + version + "\"\n");
        return home;
    }
}
