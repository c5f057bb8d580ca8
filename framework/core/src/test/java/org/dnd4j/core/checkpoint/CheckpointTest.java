package org.dnd4j.core.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.dnd4j.spi.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads one small state saved in every way (fixture xv_checkpoint_formats), and refuses what is not data. */
class CheckpointTest {
    static Path file(String name) {
        try {
            return Path.of(CheckpointTest.class.getResource("/checkpoint/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"zip_torch1.13.pt", "zip_proto4.pt", "zip_new_records_synthetic.pt", "zip_deflated_synthetic.pt", "legacy.pt"})
    void everyTypeAndViewIsReadAsNumpyHasIt(String name) {
        try (Container file = Container.open(file(name))) {
            Map<String, Stored> tensors = file.tensors("model");
            assertEquals(17, tensors.size());
            tensors.forEach((key, tensor) -> {
                Stored expected = Npy.read(file("exp_" + key + ".npy"));
                assertArrayEquals(expected.shape(), tensor.shape(), key);
                assertArrayEquals(expected.doubles(), tensor.doubles(), key);
                assertArrayEquals(expected.floats(), tensor.floats(), key);
                assertArrayEquals(expected.longs(), tensor.longs(), key);
            });
            assertTrue(tensors.get("view_t").sharesWith(tensors.get("shared_a")));
            assertFalse(tensors.get("f32").sharesWith(tensors.get("shared_a")));
            assertEquals("naïve", file.at("name"));
            assertEquals(1L << 40, file.at("big"));
            assertEquals(BigInteger.TWO.pow(70), file.at("big2"));
            assertEquals(-7L, file.at("neg"));
            assertEquals("1,3", file.at("args", "heads"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "refuse_os_system.pt, the name posix.system is not allowed",
        "refuse_builtins_eval.pt, the name builtins.eval is not allowed",
        "refuse_getattr.pt, the name builtins.getattr is not allowed",
        "refuse_stack_global.pt, is not allowed",
        "refuse_inst_opcode.pt, opcode 0x",
        "refuse_bad_storage_size.pt, should have"
    })
    void whatIsNotDataIsRefusedWithItsPlace(String name, String reason) {
        String message = assertThrows(UserError.class, () -> Container.open(file(name))).getMessage();
        assertTrue(message.contains(name) && message.contains(reason), message);
        assertFalse(message.contains("\n"), message);
    }

    @Test
    void arraysStayInsideTheirStorage() {
        Stored four = Stored.of(ElementType.F32, new long[] {4}, ByteBuffer.allocate(16));
        assertEquals(4, four.size());
        assertThrows(IllegalArgumentException.class,
                () -> Stored.of(ElementType.F32, new long[] {5}, ByteBuffer.allocate(16)));
        assertThrows(IllegalArgumentException.class,
                () -> Stored.of(ElementType.F32, new long[] {1L << 31, 1L << 31, 4}, ByteBuffer.allocate(16)));
        assertEquals(0, Stored.of(ElementType.F32, new long[] {0, 3}, ByteBuffer.allocate(0)).size());
    }

    @Test
    void picklesThatNestOrContainThemselvesAreRefused() {
        assertRefused("(".repeat(200) + ".", "nests deeper");
        assertRefused("]q\0h\0a.", "contain themselves");
        assertRefused("]q\0" + "]h\0aq\0".repeat(150) + ".", "nest deeper");
        assertRefused("]Na(e0.", "is damaged");
        assertRefused("h\7.", "memo 7");
        assertRefused("X\1\0\1\0a.", "does not fit");
        assertRefused("}]K\1s.", "as a key");
        assertRefused(")N" + "a.", "not a list");
        assertRefused("]q\0" + "]h\0ah\0aq\0".repeat(60) + ".", "repeats its values"); // 2^60 paths
    }

    private static void assertRefused(String pickle, String reason) {
        String message = assertThrows(UserError.class, () -> pickle(pickle)).getMessage();
        assertTrue(message.startsWith("x.pt: pickle, byte ") && message.contains(reason), message);
    }

    private static Object pickle(String text) {
        return Pickle.read("x.pt", new Reader("x.pt", text.getBytes(StandardCharsets.ISO_8859_1)), 0, id -> id, false);
    }

    @Test
    void numpyFilesThatAreCutShortOrHoldObjectsAreRefused(@TempDir Path folder) throws IOException {
        byte[] whole = Files.readAllBytes(file("exp_f32.npy"));
        Path cut = folder.resolve("cut.npy");
        ByteArrayOutputStream some = new ByteArrayOutputStream();
        some.write(whole, 0, whole.length - 4);
        Files.write(cut, some.toByteArray());
        assertTrue(assertThrows(UserError.class, () -> Npy.read(cut)).getMessage().contains("cut short"));
        Path objects = folder.resolve("objects.npy");
        Files.write(objects, new String(whole, StandardCharsets.ISO_8859_1).replace("<f4", "|O ")
                .getBytes(StandardCharsets.ISO_8859_1));
        assertTrue(assertThrows(UserError.class, () -> Npy.read(objects)).getMessage().contains("plain little-endian"));
        assertThrows(UserError.class, () -> Npy.read(folder.resolve("none.npy")));
    }

    @Test
    void yamlIsReadAsPlainValuesOnly(@TempDir Path folder) throws IOException {
        Map<?, ?> arch = (Map<?, ?>) Yaml.read(file("config.yaml")).get("arch");
        assertEquals(List.of(2, 1), ((Map<?, ?>) arch.get("ddconfig")).get("ch_mult"));
        assertEquals(0.99, ((Map<?, ?>) arch.get("hparams")).get("decay"));
        Path bad = folder.resolve("bad.yaml");
        Files.writeString(bad, "a: !!java.net.URL [http://x]\n");
        String message = assertThrows(UserError.class, () -> Yaml.read(bad)).getMessage();
        assertTrue(message.contains("is not YAML") && !message.contains("\n"), message);
    }
}
