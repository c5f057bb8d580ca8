package org.dnd4j.core;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may know whom inside the runtime. */
class ArchitectureTest {
    private static final String CORE = "org.dnd4j.core";

    /** From the ground up; a package knows its own floor and those below. */
    private static final List<List<String>> FLOORS = List.of(
            List.of("json", "checkpoint", "guard"),
            List.of("code"),
            List.of("image", "model"),
            List.of("train", "sample", "experiment"),
            List.of("published"),
            List.of("check", "bench"),
            List.of("run"),
            List.of("compare"),
            List.of("cli"),
            List.of("shell"),
            List.of("osgi"));

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(CORE);

    @Test
    void theClassesWereSeen() {
        assertTrue(CLASSES.size() > 50, CLASSES.size() + " classes");
    }

    @Test
    void everyPackageHasItsFloorAndKnowsNothingAbove() {
        classes().should(new ArchCondition<>("depend on their own floor and those below") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                    if (floor(dependency.getTargetClass()) > floor(type)) {
                        events.add(SimpleConditionEvent.violated(dependency, dependency.getDescription()));
                    }
                }
            }
        }).check(CLASSES);
        slices().matching(CORE + ".(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    /** The root package and everything foreign are below all. */
    private static int floor(JavaClass type) {
        String name = type.getPackageName();
        if (!name.startsWith(CORE + ".")) {
            return -1;
        }
        String room = name.substring(CORE.length() + 1).replaceFirst("\\..*", "");
        for (int i = 0; i < FLOORS.size(); i++) {
            if (FLOORS.get(i).contains(room)) {
                return i;
            }
        }
        throw new AssertionError("package " + name + " has no floor yet");
    }

    @ParameterizedTest
    @CsvSource({
        "com.google.inject.., run, ''",
        "com.fasterxml.jackson.., json, experiment",
        "picocli.., cli, ''",
        "me.tongfei.., cli, ''",
        "org.osgi.., osgi, ''",
        "org.jline.., shell, ''",
        "org.apache.felix.., shell, osgi",
    })
    void aLibraryHasItsRooms(String library, String room, String other) {
        noClasses()
                .that()
                .resideOutsideOfPackages(CORE + "." + room + "..", CORE + "." + (other.isEmpty() ? room : other) + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(library)
                .check(CLASSES);
    }

    @Test
    void ofDjlOnlyArraysAreSeen() {
        noClasses()
                .should(new ArchCondition<>("depend on DJL beyond ai.djl.ndarray") {
                    @Override
                    public void check(JavaClass type, ConditionEvents events) {
                        for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                            String target = dependency.getTargetClass().getPackageName();
                            boolean beyond = target.startsWith("ai.djl") && !target.startsWith("ai.djl.ndarray");
                            events.add(new SimpleConditionEvent(dependency, beyond, dependency.getDescription()));
                        }
                    }
                })
                .check(CLASSES);
    }

    /** Where tapes are open; see decision 0003. */
    @Test
    void noJavaNumberIsAFactorOfAnArray() {
        noClasses()
                .that()
                .resideInAnyPackage(CORE + ".code..", CORE + ".model..", CORE + ".train..")
                .should()
                .callMethod(NDArray.class, "mul", Number.class)
                .orShould()
                .callMethod(NDArray.class, "div", Number.class)
                .orShould()
                .callMethod(NDArray.class, "pow", Number.class)
                .check(CLASSES);
    }

    @Test
    void nothingIsLookedUpByNameOrSerialised() {
        noClasses()
                .that()
                .resideOutsideOfPackage(CORE + ".osgi..")
                .should()
                .callMethod(Class.class, "forName", String.class)
                .orShould()
                .callMethod(Class.class, "forName", String.class, boolean.class, ClassLoader.class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(java.io.ObjectInputStream.class)
                .check(CLASSES);
    }
}
