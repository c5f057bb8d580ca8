package org.dnd4j.djl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.types.DataType;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The classes as DJL ships them, before and after. */
class PatchTest {
    private static final List<String> BEFORE = List.of(
            "Method ai/djl/ndarray/types/DataType.ordinal:()I",
            "Method ai/djl/pytorch/engine/PtNDArray.getHandle:()Ljava/lang/Object;",
            "Method ai/djl/util/NativeResource.getHandle:()Ljava/lang/Object;");
    private static final List<String> AFTER = List.of(
            "Method org/dnd4j/djl/Doors.ordinal:(Lai/djl/ndarray/types/DataType;)I",
            "Method org/dnd4j/djl/Doors.getHandle:(Lai/djl/pytorch/engine/PtNDArray;)Ljava/lang/Object;",
            "Method org/dnd4j/djl/Doors.getHandle:(Lai/djl/util/NativeResource;)Ljava/lang/Object;");

    @TempDir
    Path folder;

    private static byte[] shipped(String type) throws Exception {
        try (InputStream in = Doors.class.getResourceAsStream("/" + type.replace('.', '/') + ".class")) {
            return in.readAllBytes();
        }
    }

    /** The disassembled class. */
    private List<String> lines(byte[] type) throws Exception {
        Path file = Files.write(folder.resolve("Type.class"), type);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        java.io.PrintStream print = new java.io.PrintStream(out, true, "UTF-8");
        assertEquals(0, ToolProvider.findFirst("javap").orElseThrow().run(print, print, "-c", "-p", file.toString()));
        return out.toString("UTF-8").lines().toList();
    }

    private static List<String> of(List<String> lines, String instruction, String method) {
        return lines.stream().filter(l -> l.contains(instruction) && l.contains(method)).toList();
    }

    @Test
    void everyCallAndNothingElseIsReplaced() throws Exception {
        int calls = 0;
        for (String type : Activator.CLASSES) {
            List<String> before = lines(shipped(type));
            List<String> after = lines(Patch.of(shipped(type)));
            assertEquals(before.size(), after.size());
            for (int i = 0; i < BEFORE.size(); i++) {
                assertEquals(of(before, "invokevirtual", BEFORE.get(i)).size(), of(after, "invokestatic", AFTER.get(i)).size());
                assertEquals(0, of(after, "invokevirtual", BEFORE.get(i)).size());
                calls += of(after, "invokestatic", AFTER.get(i)).size();
            }
            for (int l = 0; l < before.size(); l++) {
                assertTrue(before.get(l).equals(after.get(l)) || after.get(l).contains("org/dnd4j/djl/Doors."), after.get(l));
            }
        }
        assertTrue(calls > 200, calls + " calls");
    }

    @Test
    void theJvmTakesTheResult() throws Exception {
        byte[][] types = {Patch.of(shipped(Activator.CLASSES.get(0))), Patch.of(shipped(Activator.CLASSES.get(1)))};
        class Loader extends ClassLoader {
            Loader() {
                super(Doors.class.getClassLoader());
            }

            Class<?> define(byte[] type) {
                return defineClass(null, type, 0, type.length);
            }
        }

        for (byte[] type : types) {
            Class<?> defined = new Loader().define(type);
            Class.forName(defined.getName(), true, defined.getClassLoader()); // linked, and so verified
        }
    }

    @ParameterizedTest
    @EnumSource(DataType.class)
    void onlyWhatTheLibraryKnowsPasses(DataType type) {
        if (type.ordinal() <= DataType.COMPLEX64.ordinal()) {
            assertEquals(type.ordinal(), Doors.ordinal(type));
        } else {
            String message = assertThrows(IllegalArgumentException.class, () -> Doors.ordinal(type)).getMessage();
            assertTrue(message.startsWith("there are no arrays of "), message);
        }
    }

    @Test
    void aClassWithoutSuchCallsIsAMistake() throws Exception {
        assertThrows(IllegalStateException.class, () -> Patch.of(shipped(Activator.class.getName())));
    }
}
