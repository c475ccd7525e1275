package dev.millrace.testkit;

import eu.maveniverse.maven.mima.context.Context;
import eu.maveniverse.maven.mima.context.ContextOverrides;
import eu.maveniverse.maven.mima.context.Runtimes;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.aether.RepositoryException;
import org.eclipse.aether.artifact.DefaultArtifact;
import org.eclipse.aether.collection.CollectRequest;
import org.eclipse.aether.graph.Dependency;
import org.eclipse.aether.repository.RemoteRepository;
import org.eclipse.aether.resolution.ArtifactResult;
import org.eclipse.aether.resolution.DependencyRequest;
import org.eclipse.aether.transfer.TransferListener;
import org.jspecify.annotations.Nullable;

/**
 * The jars of a server, found as Maven finds them: with the user's own settings, mirrors, proxies and local repository.
 *
 * <p>The outcome is remembered in the local repository itself, so that it goes away with it.
 */
final class ServerClassPath {
    /**
     * Given to the tests' JVM by Surefire and Failsafe: the local repository of the build that runs them. It is
     * absolute, unlike what a user may say, who means the directory that Maven was started in.
     */
    private static final String SUREFIRE_LOCAL_REPOSITORY = "localRepository";

    private static final String MAVEN_LOCAL_REPOSITORY = "maven.repo.local";
    private static final String SETTINGS = "millrace.maven.settings";

    private final String kind;
    private final String title;
    private final List<String> coordinates;
    private final Consumer<String> progress;

    ServerClassPath(String kind, String title, List<String> coordinates, Consumer<String> progress) {
        this.kind = kind;
        this.title = title;
        this.coordinates = coordinates;
        this.progress = progress;
    }

    List<Path> resolve() {
        synchronized (ServerClassPath.class) {
            DownloadProgress download = new DownloadProgress(title, progress);
            try (Context maven = Runtimes.INSTANCE.getRuntime().create(overrides(download))) {
                Path repository = localRepository(maven);
                Path memory = repository.resolve(".cache/millrace/" + fileName());
                List<Path> remembered = recall(memory, repository);
                if (!remembered.isEmpty()) {
                    return remembered;
                }
                List<Path> jars = resolve(maven);
                download.finish();
                remember(memory, repository, jars);
                return jars;
            }
        }
    }

    private List<Path> resolve(Context maven) {
        List<Dependency> roots = coordinates.stream()
                .map(gav -> new Dependency(new DefaultArtifact(gav), "runtime"))
                .collect(Collectors.toList());
        CollectRequest collect = new CollectRequest(roots, List.of(), maven.remoteRepositories());
        try {
            return maven
                    .repositorySystem()
                    .resolveDependencies(maven.repositorySystemSession(), new DependencyRequest(collect, null))
                    .getArtifactResults()
                    .stream()
                    .map(ArtifactResult::getArtifact)
                    .map(artifact -> artifact.getFile().toPath())
                    .collect(Collectors.toList());
        } catch (RepositoryException e) {
            String remotes = maven.remoteRepositories().stream()
                    .map(RemoteRepository::getId)
                    .collect(Collectors.joining(", "));
            throw new ServerStartException(
                    title + " could not be resolved through Maven, with local repository " + localRepository(maven)
                            + " and remote repositories [" + remotes + "]; " + ExternalServer.hint(kind) + ": "
                            + reason(e));
        }
    }

    /**
     * What Maven says of the innermost step that failed. It quotes the addresses of repositories, and some people keep
     * a password in theirs; that is also why the exception is no cause of ours.
     */
    private static String reason(RepositoryException failure) {
        RepositoryException innermost = failure;
        while (innermost.getCause() instanceof RepositoryException cause) {
            innermost = cause;
        }
        return innermost.toString().replaceAll("://[^/@\\s]+@", "://***@");
    }

    private static ContextOverrides overrides(TransferListener listener) {
        ContextOverrides.Builder overrides =
                ContextOverrides.create().withUserSettings(true).transferListener(listener);
        Path repository = path(SUREFIRE_LOCAL_REPOSITORY);
        if (repository == null) {
            repository = path(MAVEN_LOCAL_REPOSITORY);
        }
        if (repository != null) {
            overrides.withLocalRepositoryOverride(repository);
        }
        Path settings = path(SETTINGS);
        if (settings != null) {
            overrides.withUserSettingsXmlOverride(settings);
        }
        return overrides.build();
    }

    private static @Nullable Path path(String property) {
        String value = System.getProperty(property);
        return value == null || value.isBlank() ? null : Path.of(value).toAbsolutePath();
    }

    private static Path localRepository(Context maven) {
        return maven.repositorySystemSession().getLocalRepository().getBasedir().toPath();
    }

    private String fileName() {
        return String.join("+", coordinates).replace(':', '_') + ".classpath";
    }

    private static List<Path> recall(Path memory, Path repository) {
        if (!Files.isRegularFile(memory)) {
            return List.of();
        }
        try (Stream<String> lines = Files.lines(memory)) {
            List<Path> jars = lines.map(repository::resolve).collect(Collectors.toList());
            return jars.stream().allMatch(Files::isRegularFile) ? jars : List.of();
        } catch (IOException e) {
            return List.of();
        }
    }

    /** Not being able to write there costs the next start a second, no more. */
    private static void remember(Path memory, Path repository, List<Path> jars) {
        try {
            Files.createDirectories(memory.getParent());
            Path temporary = Files.createTempFile(memory.getParent(), "classpath", ".tmp");
            Files.write(
                    temporary,
                    jars.stream().map(jar -> relative(repository, jar)).collect(Collectors.toList()));
            Files.move(temporary, memory, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            System.getLogger(ServerClassPath.class.getName())
                    .log(System.Logger.Level.DEBUG, "The class path of a server could not be remembered", e);
        }
    }

    private static String relative(Path repository, Path jar) {
        return jar.startsWith(repository) ? repository.relativize(jar).toString() : jar.toString();
    }

    static String join(List<Path> entries) {
        return entries.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    }
}
