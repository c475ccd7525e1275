package dev.millrace.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.jsontype.PolymorphicTypeValidator;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.beans.XMLDecoder;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInput;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import javax.script.ScriptEngine;
import javax.script.ScriptException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds of all modules that are published: read from their class files. */
class ArchitectureTest {

    @Test
    void shouldLetNoDataChooseCode() throws IOException {
        for (Map.Entry<String, Path> module : PublishedModules.directories().entrySet()) {
            JavaClasses classes =
                    new ClassFileImporter().importPath(module.getValue().resolve("target/classes"));

            assertThat(classes).as("classes of %s", module.getKey()).isNotEmpty();
            NoCodeChosenByData.RULE.check(classes);
        }
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                ReadsObjects.class,
                TakesPart.class,
                Resolves.class,
                TypesByDefault.class,
                TypeNamed.class,
                TypeNamedAtAField.class,
                ReadsBeans.class,
                LooksUp.class,
                RunsScripts.class,
                ClassByName.class,
                ClassByNameOfEach.class,
                ClassOfLoader.class
            })
    void shouldFindWhateverWouldLetThem(Class<?> trap) {
        assertThat(hasViolation(trap)).isTrue();
    }

    @Test
    void shouldLeaveAloneWhatDoesNot() {
        assertThat(hasViolation(PublishedModules.class)).isFalse();
    }

    private static boolean hasViolation(Class<?> type) {
        return NoCodeChosenByData.RULE
                .evaluate(new ClassFileImporter().importClasses(type))
                .hasViolation();
    }

    static final class ReadsObjects {
        static Object read(InputStream bytes) throws IOException, ClassNotFoundException {
            return new ObjectInputStream(bytes).readObject();
        }
    }

    static final class TakesPart {
        static void readExternal(ObjectInput input) throws IOException {
            input.readInt();
        }
    }

    static final class Resolves implements Serializable {
        private static final long serialVersionUID = 1L;

        Object readResolve() {
            return this;
        }
    }

    static final class TypesByDefault {
        static ObjectMapper mapper(PolymorphicTypeValidator validator) {
            return new ObjectMapper().activateDefaultTyping(validator);
        }
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.CLASS)
    interface TypeNamed {}

    record TypeNamedAtAField(
            @JsonTypeInfo(use = JsonTypeInfo.Id.MINIMAL_CLASS)
            Object value) {}

    static final class ReadsBeans {
        static Object read(InputStream xml) {
            try (XMLDecoder decoder = new XMLDecoder(xml)) {
                return decoder.readObject();
            }
        }
    }

    static final class LooksUp {
        @SuppressWarnings("BanJNDI") // the very thing to be found
        static Object find(String name) throws NamingException {
            return new InitialContext().lookup(name);
        }
    }

    static final class RunsScripts {
        static Object run(ScriptEngine engine, String script) throws ScriptException {
            return engine.eval(script);
        }
    }

    static final class ClassByName {
        static Class<?> find(String name) throws ClassNotFoundException {
            return Class.forName(name);
        }
    }

    static final class ClassByNameOfEach {
        static Stream<Class<?>> findAll(Module module, Stream<String> names) {
            return names.map(name -> Class.forName(module, name));
        }
    }

    static final class ClassOfLoader {
        static Class<?> find(ClassLoader loader, String name) throws ClassNotFoundException {
            return loader.loadClass(name);
        }
    }
}
