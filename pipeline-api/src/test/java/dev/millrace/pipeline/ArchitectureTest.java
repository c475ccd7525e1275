package dev.millrace.pipeline;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchConditions.onlyDependOnClassesThat;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Requires;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the module as a whole promises: read from its class files. */
class ArchitectureTest {

    private static final String BASE = "dev.millrace.pipeline";
    private static final long MOST_BYTES = 1 << 20;

    /** Each package may use those before it, and none after it. */
    private static final List<String> ORDER =
            List.of("function", "record", "spi", "policy", "graph", "", "runtime", "micrometer");

    private static final Path MODULE = Path.of(
            Pipeline.class.getProtectionDomain().getCodeSource().getLocation().getPath());

    private static final JavaClasses CLASSES = new ClassFileImporter().importPath(MODULE);

    @Test
    void shouldHaveNoCycleAmongPackages() {
        slices().matching("dev.millrace.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void shouldUsePackagesInOneDirection() {
        for (int i = 0; i < ORDER.size(); i++) {
            String[] later = ORDER.stream()
                    .skip(i + 1)
                    .map(ArchitectureTest::packageName)
                    .toArray(String[]::new);
            if (later.length > 0) {
                noClasses()
                        .that()
                        .resideInAPackage(packageName(ORDER.get(i)))
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(later)
                        .check(CLASSES);
            }
        }
        assertThat(CLASSES)
                .extracting(JavaClass::getPackageName)
                .as("packages without a place in the order")
                .allMatch(name ->
                        ORDER.stream().map(ArchitectureTest::packageName).anyMatch(name::equals));
    }

    @Test
    void shouldKeepTheEngineToItself() {
        assertThat(CLASSES.stream()
                        .filter(type -> type.getPackageName().equals(packageName("runtime")))
                        .filter(type ->
                                type.isTopLevelClass() && type.getModifiers().contains(JavaModifier.PUBLIC))
                        .map(JavaClass::getSimpleName))
                .containsExactlyInAnyOrder(
                        "PipelineRunner",
                        "PipelineStepper",
                        "RunningPipeline",
                        "PipelineState",
                        "PipelineListener",
                        "PipelineHealth",
                        "PipelineStats",
                        "StageStats",
                        "WriteStats",
                        "LookupStats",
                        "PartitionStats",
                        "Holdup",
                        "PipelineFailedException");
    }

    @Test
    void shouldNeedNothingButTheJdk() throws IOException {
        classes()
                .that()
                .resideOutsideOfPackage(packageName("micrometer"))
                .should(onlyDependOnClassesThat(resideInAnyPackage("java..", BASE + "..", "org.jspecify.annotations")))
                .check(CLASSES);
        try (InputStream descriptor = Files.newInputStream(MODULE.resolve("module-info.class"))) {
            assertThat(ModuleDescriptor.read(descriptor).requires())
                    .filteredOn(requires -> !requires.modifiers().contains(Requires.Modifier.STATIC))
                    .extracting(Requires::name)
                    .containsExactly("java.base");
        }
    }

    @Test
    void shouldNeitherSleepNorReadTheWallClock() {
        noClasses()
                .should()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(Thread.class, "sleep", long.class)
                .check(CLASSES);
    }

    @Test
    void shouldStaySmall() throws IOException {
        long bytes = 0;
        try (Stream<Path> files = Files.walk(MODULE)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                bytes += Files.size(file);
            }
        }
        assertThat(bytes)
                .as("bytes of all class files, before they are compressed")
                .isLessThan(MOST_BYTES);
    }

    private static String packageName(String name) {
        return name.isEmpty() ? BASE : BASE + "." + name;
    }
}
