package dev.millrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** Resolves one small library, with settings that have the build's own local repository stand in for a mirror. */
@Isolated("names another local repository for the whole JVM")
class ServerClassPathIT {
    private static final List<String> LIBRARY = List.of("org.slf4j:slf4j-simple:1.7.36");
    private static final List<String> PROPERTIES =
            List.of("maven.repo.local", "localRepository", "millrace.maven.settings");

    @TempDir
    private Path directory;

    private final Map<String, String> saved = new HashMap<>();
    private final List<String> told = new ArrayList<>();
    private Path mirror;

    @BeforeEach
    void resolveIntoTheBuildsOwnRepository() {
        List<Path> jars = resolve();
        mirror = jars.get(0).resolve("../../../../..").normalize();
        told.clear();
        for (String property : PROPERTIES) {
            saved.put(property, System.getProperty(property, ""));
            System.clearProperty(property);
        }
    }

    @AfterEach
    void restoreProperties() {
        saved.forEach(System::setProperty);
    }

    @Test
    void shouldTakeMirrorAndLocalRepositoryFromTheSettings() throws IOException {
        Path repository = directory.resolve("repository");
        useSettings(repository, mirror);

        List<Path> jars = resolve();

        assertThat(jars)
                .extracting(jar -> repository.relativize(jar).toString())
                .containsExactly(
                        "org/slf4j/slf4j-simple/1.7.36/slf4j-simple-1.7.36.jar",
                        "org/slf4j/slf4j-api/1.7.36/slf4j-api-1.7.36.jar");
        assertThat(told)
                .containsExactly(
                        "Downloading Library 1 into the local Maven repository, once",
                        "Downloaded 2 jars of Library 1, 0 MB");
    }

    @Test
    void shouldNeedNoRepositoryWhenItHasResolvedBefore() throws IOException {
        Path repository = directory.resolve("repository");
        useSettings(repository, mirror);
        List<Path> first = resolve();
        told.clear();
        useSettings(repository, directory.resolve("nothing-here"));

        assertThat(resolve()).isEqualTo(first);
        assertThat(told).isEmpty();
    }

    @Test
    void shouldResolveAgainWhenAJarIsGone() throws IOException {
        Path repository = directory.resolve("repository");
        useSettings(repository, mirror);
        List<Path> first = resolve();
        Files.delete(first.get(1));

        assertThat(resolve()).isEqualTo(first).allMatch(Files::isRegularFile);
    }

    @Test
    void shouldPreferTheLocalRepositoryOfTheBuild() throws IOException {
        useSettings(directory.resolve("of-the-settings"), mirror);
        for (String property : List.of("maven.repo.local", "localRepository")) {
            Path repository = directory.resolve(property);
            System.setProperty(property, repository.toString());

            assertThat(resolve()).hasSize(2).allMatch(jar -> jar.startsWith(repository));
        }
    }

    @Test
    void shouldNameRepositoriesAndTheWayOutWhenALibraryIsNotFound() throws IOException {
        Path repository = directory.resolve("repository");
        useSettings(repository, directory.resolve("nothing-here"));

        assertThatThrownBy(this::resolve)
                .isInstanceOf(ServerStartException.class)
                .hasMessageContaining(
                        "Library 1 could not be resolved through Maven, with local repository " + repository
                                + " and remote repositories [stand-in]; set -Dmillrace.library=host:port to use a server that"
                                + " runs already: ")
                .hasMessageContaining("slf4j-simple");
    }

    @Test
    void shouldNotShowThePasswordInTheAddressOfARepository() throws IOException {
        useSettings(directory.resolve("repository"), URI.create("https://me:secret@localhost:1/maven"));

        assertThatThrownBy(this::resolve)
                .isInstanceOf(ServerStartException.class)
                .hasMessageContaining("localhost:1")
                .hasNoCause()
                .message()
                .doesNotContain("secret");
    }

    private List<Path> resolve() {
        return new ServerClassPath("library", "Library 1", LIBRARY, told::add).resolve();
    }

    private void useSettings(Path localRepository, Path mirror) throws IOException {
        useSettings(localRepository, mirror.toUri());
    }

    private void useSettings(Path localRepository, URI mirror) throws IOException {
        Path settings = Files.writeString(directory.resolve("settings.xml"), """
                <settings>
                  <localRepository>%s</localRepository>
                  <mirrors>
                    <mirror><id>stand-in</id><mirrorOf>*</mirrorOf><url>%s</url></mirror>
                  </mirrors>
                </settings>
                """.formatted(localRepository, mirror));
        System.setProperty("millrace.maven.settings", settings.toString());
    }
}
