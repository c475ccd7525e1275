package dev.millrace.examples.connectors;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.lang.reflect.Constructor;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.JavaCompiler;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.jspecify.annotations.NullMarked;

/** The class that the Javadoc of a type shows as an example, taken from there, compiled and loaded. */
final class JavadocExample {

    private static final Path SOURCES = Path.of("../pipeline-api/src/main/java");
    private static final Pattern CODE = Pattern.compile("<pre>\\{@code\\n(.*?)\\n \\* }</pre>", Pattern.DOTALL);
    private static final Pattern NAME = Pattern.compile("^public record (\\w+)", Pattern.MULTILINE);

    private final Constructor<?> constructor;

    private JavadocExample(Constructor<?> constructor) {
        this.constructor = constructor;
    }

    static JavadocExample of(Class<?> documented) {
        try {
            Path file = SOURCES.resolve(documented.getName().replace('.', '/') + ".java");
            String code = firstMatch(CODE, Files.readString(file))
                    .lines()
                    .map(line -> line.replaceFirst("^ \\* ?", ""))
                    .collect(Collectors.joining("\n", "", "\n"));
            String name = firstMatch(NAME, code);
            Path classes = Files.createTempDirectory("javadoc-example");
            compile(name, code, documented, classes);
            return new JavadocExample(load(name, classes));
        } catch (IOException | ReflectiveOperationException broken) {
            throw new AssertionError("the example of " + documented + " cannot be made", broken);
        }
    }

    private static String firstMatch(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        assertThat(matcher.find()).as("%s in%n%s", pattern, text).isTrue();
        return matcher.group(1);
    }

    /** With no more than what a connector needs on the class path. */
    private static void compile(String name, String code, Class<?> documented, Path classes) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter messages = new StringWriter();
        String classPath = place(documented) + File.pathSeparator + place(NullMarked.class);
        List<String> options = List.of(
                "-Xlint:all", "-Werror", "-proc:none", "--release", "17", "-cp", classPath, "-d", classes.toString());
        SimpleJavaFileObject file =
                new SimpleJavaFileObject(URI.create("string:///" + name + ".java"), SimpleJavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                        return code;
                    }
                };
        boolean isCompiled = compiler.getTask(messages, null, null, options, null, List.of(file))
                .call();
        assertThat(isCompiled).as("%s%n%s", messages, code).isTrue();
    }

    private static Path place(Class<?> type) {
        return Path.of(URI.create(
                type.getProtectionDomain().getCodeSource().getLocation().toString()));
    }

    /** Its classes are read from now on, as long as the tests run. */
    @SuppressWarnings("resource")
    private static Constructor<?> load(String name, Path classes) throws IOException, ReflectiveOperationException {
        URLClassLoader loader =
                new URLClassLoader(new URL[] {classes.toUri().toURL()}, JavadocExample.class.getClassLoader());
        return Arrays.stream(loader.loadClass(name).getConstructors())
                .findFirst()
                .orElseThrow();
    }

    /** An instance of it, which is what the caller knows that it is. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    <C> C make(Object... arguments) {
        try {
            return (C) constructor.newInstance(arguments);
        } catch (ReflectiveOperationException broken) {
            throw new LinkageError(constructor + " cannot be called", broken);
        }
    }
}
