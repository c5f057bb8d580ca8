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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
            strings = {
                "zip_torch1.13.pt", "zip_proto4.pt", "zip_new_records_synthetic.pt", "zip_deflated_synthetic.pt", "legacy.pt"
            })
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
    void legacyFilesOfPython2AreRead() {
        try (Container file = Container.open(file("vgg.pth"))) {
            Map<String, Stored> tensors = file.tensors();
            assertEquals(
                    List.of("lin0.model.1.weight", "lin1.model.1.weight", "lin2.model.1.weight", "lin3.model.1.weight",
                            "lin4.model.1.weight"),
                    List.copyOf(tensors.keySet()));
            assertArrayEquals(new long[] {1, 512, 1, 1}, tensors.get("lin3.model.1.weight").shape());
            // LPIPS' weights are not negative; bytes read from a wrong place would be
            tensors.values().forEach(t -> {
                for (float f : t.floats()) {
                    assertTrue(f >= 0 && f < 10, Float.toString(f));
                }
            });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"zip_torch1.13.pt", "legacy.pt"})
    void everyPlainValueIsWhatPythonHad(String name) {
        try (Container file = Container.open(file(name))) {
            assertEquals(List.of(1L, 2.5, "x"), file.at("tup"));
            assertEquals(List.of(1L, List.of(2L, 3L)), file.at("lst"));
            assertEquals(List.of(2L, 3L), file.at("size"));
            assertEquals("torch.bfloat16", file.at("dtype"));
            assertEquals("cpu", file.at("dev"));
            assertEquals(Set.of(1L, 2L), file.at("aset"));
            assertEquals(1.5, file.at("npf"));
            assertArrayEquals(new float[] {0, 1, 2, 3}, ((Stored) file.at("nparr")).floats());
            String message = assertThrows(UserError.class, () -> file.at("nested", "b")).getMessage();
            assertTrue(message.endsWith("holds nothing under 'b', only [a]"), message);
        }
    }

    @Test
    void everyByteThatIsMissingIsMissed(@TempDir Path folder) throws IOException {
        for (String name : List.of("zip_proto4.pt", "legacy.pt", "vgg.pth")) {
            byte[] whole = Files.readAllBytes(file(name));
            Path cut = folder.resolve("cut");
            for (int length = 0; length < whole.length; length++) {
                Files.write(cut, Arrays.copyOf(whole, length));
                String message = assertThrows(UserError.class, () -> Container.open(cut)).getMessage();
                assertTrue(message.startsWith(cut + ": ") && !message.contains("\n"), message);
            }
        }
    }

    @Test
    void otherFormatsAreNamed(@TempDir Path folder) throws IOException {
        byte[] tar = new byte[1024];
        System.arraycopy("ustar".getBytes(StandardCharsets.US_ASCII), 0, tar, 257, 5);
        assertOther(folder, tar, "a tar archive, as PyTorch wrote before 0.1.10");
        assertOther(folder, new byte[0], "is empty");
        assertOther(folder, Files.readAllBytes(file("exp_f32.npy")), "a numpy array");
        assertOther(folder, "version https://git-lfs.github.com/spec/v1\n".getBytes(StandardCharsets.US_ASCII), "Git LFS");
        assertOther(folder, "\n<!DOCTYPE html>".getBytes(StandardCharsets.US_ASCII), "a web page");
        assertOther(folder, new byte[] {(byte) 0x80, 2, '}', '.'}, "a pickle that torch.save has not written");
        assertOther(folder, "arch:\n  type: x\n".getBytes(StandardCharsets.US_ASCII), "no checkpoint of a known format");
        byte[] script = TorchZip.stored().add("m/data.pkl", new byte[] {'N', '.'}).add("m/code/__torch__.py", tar).bytes();
        assertOther(folder, script, "a TorchScript archive");
        assertOther(folder, TorchZip.stored().add("a/b.txt", tar).bytes(), "not a checkpoint: there is no a/data.pkl");
        byte[] big = TorchZip.stored().add("m/data.pkl", new byte[] {'N', '.'}).add("m/byteorder", "big".getBytes()).bytes();
        assertOther(folder, big, "is big-endian");
        assertTrue(assertThrows(UserError.class, () -> Container.open(folder)).getMessage().contains("no such file"));
    }

    private static void assertOther(Path folder, byte[] content, String what) throws IOException {
        Path file = Files.write(folder.resolve("x.pt"), content);
        String message = assertThrows(UserError.class, () -> Container.open(file)).getMessage();
        assertTrue(message.contains(what), message);
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

    @Test
    void yamlThatNestsOrRefersToItselfIsRefused(@TempDir Path folder) throws IOException {
        StringBuilder laughs = new StringBuilder("a0: &a0 [x]\n");
        for (int i = 1; i < 25; i++) {
            laughs.append(String.format("a%d: &a%d [*a%d, *a%d]%n", i, i, i - 1, i - 1));
        }
        for (String text : List.of(
                "a: " + "[".repeat(500_000), "a: &a [*a]", laughs.toString(), "a: " + "x".repeat(1 << 20))) {
            Path bad = Files.writeString(folder.resolve("bad.yaml"), text);
            String message = assertThrows(UserError.class, () -> Yaml.read(bad)).getMessage();
            assertTrue(message.startsWith(bad + ": ") && message.length() < 400 && !message.contains("\n"), message);
        }
    }
}
