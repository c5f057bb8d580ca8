package org.dnd4j.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The launcher as a stranger starts it: a process of its own, in another folder. */
class LauncherIT {
    @TempDir
    Path folder;

    @Test
    void aBareJarStartsItselfAgainAndAnswers() throws Exception {
        Child.Ended ended = start(false, jar("plugins", "--json")).ended();
        assertEquals(0, ended.code(), ended.err());
        assertEquals("", ended.err());
        assertTrue(ended.out().startsWith("[") && ended.out().strip().endsWith("]"), ended.out());
    }

    @Test
    void wrongUsageIsTwoAndOneLine() throws Exception {
        Child.Ended ended = start(true, jar("plugin")).ended();
        assertEquals(2, ended.code());
        assertEquals("", ended.out());
        assertTrue(ended.err().startsWith("dnd4j: unknown verb 'plugin'"), ended.err());
        assertEquals(1, ended.err().lines().count());
        assertEquals(2, start(true, jar("plugins", "--jason")).ended().code());
    }

    @Test
    void twoSideBySideDoNotDisturbEachOther() throws Exception {
        List<Child> both = List.of(start(true, jar("plugins")), start(true, jar("plugins")));
        for (Child child : both) {
            Child.Ended ended = child.ended();
            assertEquals(0, ended.code(), ended.err());
            assertTrue(ended.out().contains("residual"), ended.out());
        }
    }

    @Test
    void nothingIsLeftAmongTemporaryFiles() throws Exception {
        Path temporary = Files.createDirectory(folder.resolve("tmp"));
        List<String> command = jar("plugins");
        command.add(1, "-Djava.io.tmpdir=" + temporary);
        assertEquals(0, start(true, command).ended().code());
        try (var left = Files.list(temporary)) {
            assertEquals(List.of(), left.filter(p -> p.getFileName().toString().startsWith("dnd4j")).toList());
        }
    }

    @Test
    @DisabledOnOs(OS.WINDOWS) // whose shell is another
    void theScriptRunsFromAnywhereWithAnEmptyHome() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("linked"), Child.HOME.resolve("../../dnd4j").normalize());
        ProcessBuilder builder = new ProcessBuilder(link.toString(), "plugins", "--json").directory(folder.toFile());
        builder.environment().put("HOME", folder.toString());
        Child.Ended ended = Child.start(builder).ended();
        Files.delete(link);
        assertEquals(0, ended.code(), ended.err());
        assertTrue(ended.out().startsWith("["), ended.out());
    }

    private static List<String> jar(String... arguments) {
        List<String> command = new ArrayList<>(List.of(Child.JAVA, "-jar", Child.HOME.resolve("dnd4j.jar").toString()));
        command.addAll(List.of(arguments));
        return command;
    }

    private Child start(boolean prepared, List<String> command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        if (prepared) {
            builder.environment().put("OMP_WAIT_POLICY", "PASSIVE");
        } else {
            builder.environment().remove("OMP_WAIT_POLICY");
        }
        return Child.start(builder);
    }
}
