package dev.millrace.examples;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.targetOwner;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.CompositeArchRule;
import java.beans.XMLDecoder;
import java.io.ObjectInput;
import java.net.URLClassLoader;

/** What would let bytes say which class is made of them, or which code runs. */
final class NoCodeChosenByData {

    /** Starts servers by names that stand in its code, in a process of their own that has no Millrace but this. */
    private static final String LAUNCHER = "dev.millrace.testkit.launcher";

    /** Streams of objects in whatever disguise, names that are looked up, scripts, and types named by JSON. */
    private static final ArchRule NO_READER_OF_CODE = noClasses()
            .should()
            .dependOnClassesThat(assignableTo(ObjectInput.class)
                    .or(equivalentTo(XMLDecoder.class))
                    .or(equivalentTo(JsonTypeInfo.class))
                    .or(resideInAnyPackage("java.rmi..", "javax.naming..", "javax.script..")));

    /** By any of Jackson's ways to switch it on. */
    private static final ArchRule NO_DEFAULT_TYPING =
            noClasses().should().accessTargetWhere(target(nameMatching("(activate|enable|set)DefaultTyping.*")));

    /** Of an exception, too, somebody else may read back what was written. */
    private static final ArchRule NO_PART_IN_DESERIALISATION =
            noMethods().should().haveNameMatching("readObject|readObjectNoData|readResolve|readExternal");

    private static final ArchRule NO_CLASS_BY_NAME = noClasses()
            .that(not(resideInAPackage(LAUNCHER)))
            .should()
            .accessTargetWhere(target(name("forName")).and(targetOwner(equivalentTo(Class.class))))
            .orShould()
            .accessTargetWhere(
                    target(nameMatching("loadClass|defineClass")).and(targetOwner(assignableTo(ClassLoader.class))))
            .orShould()
            .dependOnClassesThat(assignableTo(URLClassLoader.class));

    static final ArchRule RULE = CompositeArchRule.of(NO_READER_OF_CODE)
            .and(NO_DEFAULT_TYPING)
            .and(NO_PART_IN_DESERIALISATION)
            .and(NO_CLASS_BY_NAME)
            // A module of interfaces alone has no methods of that name either.
            .allowEmptyShould(true);

    private NoCodeChosenByData() {}
}
