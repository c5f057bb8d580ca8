package org.dnd4j.core.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.dnd4j.spi.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a pickle may say, and what it may not. Written by hand: one letter is one instruction. */
class PickleTest {
    /** 1, 2, 3, 0 as float32. */
    private static final Storage STORAGE = Storage.of(
            ElementType.U8,
            ByteBuffer.wrap(new byte[] {0, 0, (byte) 0x80, 0x3f, 0, 0, 0, 0x40, 0, 0, 0x40, 0x40, 0, 0, 0, 0}));

    private static Object read(String text, boolean skips) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        return Pickle.read("x.pt", new Reader("x.pt", bytes), 0, id -> STORAGE.as((ElementType) id), skips);
    }

    private static void assertRefused(String pickle, String reason) {
        String message = assertThrows(UserError.class, () -> read(pickle, false)).getMessage();
        assertTrue(message.startsWith("x.pt: pickle, byte ") && message.contains(reason), message);
        assertFalse(message.contains("\n"), message);
    }

    private static String text(String text) {
        return "X" + (char) text.length() + "\0\0\0" + text;
    }

    @Test
    void tensorsAreBuiltInEveryWay() {
        String two = "K\1K\2\u0085K\1\u0085"; // offset 1, size (2,), stride (1,)
        for (String call : List.of(
                "ctorch._utils\n_rebuild_tensor\n(ctorch\nFloatStorage\nQ" + two + "tR",
                "ctorch._utils\n_rebuild_tensor_v2\n(ctorch\nFloatStorage\nQ" + two + "\u0089)tR",
                "ctorch._utils\n_rebuild_tensor_v3\n(ctorch.storage\nUntypedStorage\nQ" + two
                        + "\u0089)ctorch\nfloat32\nNtR")) {
            for (String parameter : List.of(
                    call,
                    "ctorch._utils\n_rebuild_parameter\n(" + call + "\u0088)tR",
                    "ctorch._utils\n_rebuild_parameter_with_state\n(" + call + "\u0088)}tR",
                    "ctorch.nn.parameter\nParameter\n(" + call + "\u0088t\u0081",
                    call + "}b")) {
                Stored tensor = assertInstanceOf(Stored.class, read("\u0080\2" + parameter + ".", false), parameter);
                assertArrayEquals(new float[] {2, 3}, tensor.floats());
            }
        }
        assertRefused("ctorch._utils\n_rebuild_tensor_v3\n(ctorch.storage\nUntypedStorage\nQ" + two
                + "\u0089)ctorch\nfloat8_e5m2\nNtR.", "an array of torch.float8_e5m2 is not allowed");
    }

    @Test
    void plainObjectsAreBuilt() {
        assertEquals(
                Map.of("a", 1L), read("ccollections\nOrderedDict\n)R" + text("a") + "K\1s}" + text("x") + "Nsb.", false));
        assertEquals(Map.of("a", 1L), read("ccollections\nOrderedDict\n(]]" + text("a") + "aK\1aatR.", false));
        assertEquals(Map.of(1L, 2L), read("ccollections\nCounter\n(}K\1K\2stR.", false));
        assertEquals(
                Map.of("lr", 0.5),
                read("cargparse\nNamespace\n)\u0081}" + text("lr") + "G\77\340\0\0\0\0\0\0sb.", false));
        assertEquals(Set.of(3L), read("c__builtin__\nset\n(]K\3atR.", false));
        assertEquals(Set.of(3L), read("\u008f(K\3\u0090.", false));
        assertArrayEquals(new byte[] {-1, 7},
                (byte[]) read("c_codecs\nencode\n(X\3\0\0\0\303\277\7" + text("latin1") + "tR.", false));
        assertArrayEquals(new byte[] {-1}, (byte[]) read("cbuiltins\nbytearray\n(C\1\377tR.", false));
        assertArrayEquals(
                new byte[] {'a'},
                (byte[]) read("c__builtin__\nbytearray\n(" + text("a") + text("latin-1") + "tR.", false));
        assertEquals(List.of(1.0, 2.0), read("cbuiltins\ncomplex\n(K\1K\2tR.", false));
        assertEquals("cuda:1", read("ctorch\ndevice\n(" + text("cuda") + "K\1tR.", false));
        assertEquals(true, read("cnumpy.core.multiarray\nscalar\n(cnumpy\ndtype\n(" + text("b1") + "tRC\1\1tR.", false));
        assertRefused("c_codecs\nencode\n(X\2\0\0\0\304\200" + text("latin1") + "tR.", "not latin1"); // beyond 255
        assertRefused("c_codecs\nencode\n(" + text("a") + text("utf-16") + "tR.", "not latin1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "posix.system", "os.system", "builtins.eval", "builtins.exec", "builtins.getattr", "__builtin__.apply",
                "builtins.open", "subprocess.Popen", "torch.load", "torch._utils._rebuild_qtensor",
                "torch.jit._pickle.restore_type_tag",
                "torch.storage._load_from_bytes", "collections.defaultdict", "functools.partial", "operator.attrgetter",
                "numpy.core.multiarray.set_string_function", "numpy.load", "pathlib.PosixPath", "copyreg._reconstructor",
                "omegaconf.dictconfig.DictConfig", "java.lang.Runtime", ".", "torch..FloatStorage", "torch.FloatStorage.x"
            })
    void whatIsNotOnTheListIsRefusedByItsName(String name) {
        int dot = name.lastIndexOf('.');
        String module = name.substring(0, dot);
        String member = name.substring(dot + 1);
        assertRefused("\u0080\2c" + module + "\n" + member + "\n.", "byte 2: the name " + name + " is not allowed");
        assertRefused(text(module) + text(member) + "\u0093.", "the name " + name + " is not allowed");
    }

    /** Of 256 instructions these are followed; whatever else there is, or will be, is refused. */
    @Test
    void instructionsThatAreNotNeededAreRefused() {
        String known = ".\u0080\u0095N\u0088\u0089KMJ\u008aGX\u008c\u008dUTCB)"
                + "\u0085\u0086\u0087t]}\u008f(0aesu\u0090qr\u0094hjc\u0093QR\u0081b";
        for (int opcode = 0; opcode < 256; opcode++) {
            String pickle = (char) opcode + "\0".repeat(20);
            String message = assertThrows(UserError.class, () -> read(pickle, true)).getMessage();
            boolean refused = message.contains("opcode 0x" + Integer.toHexString(opcode) + " is not allowed");
            assertEquals(known.indexOf((char) opcode) < 0, refused && message.contains("byte 0"), message);
        }
    }

    @Test
    void nonsenseIsRefused() {
        assertRefused("Na(e0.", "is damaged");
        assertRefused("h\7.", "memo 7, which is empty");
        assertRefused("}]K\1s.", "as a key");
        assertRefused(")Na.", "not a list");
        assertRefused("]NNs.", "not a map");
        assertRefused("](N\u0090.", "not a set");
        assertRefused("NNR.", "is damaged");
        assertRefused("N)R.", "no function");
        assertRefused("cnumpy\nndarray\n)R.", "calls numpy.ndarray");
        assertRefused("K\1}b.", "has none");
        assertRefused("cnumpy.core.multiarray\n_reconstruct\n)R.", "without content");
        assertRefused("\u008d\377\377\377\377\377\377\377\177.", "does not fit");
        assertRefused("X\377\377\377\377.", "does not fit");
        assertRefused("T\377\377\377\377.", "does not fit");
        assertRefused("B\377\377\377\377.", "does not fit");
        assertRefused("\u008a\377.", "does not fit");
        assertThrows(UserError.class, () -> read("(((N", false));
    }

    @Test
    void whatGrowsWithoutBoundsIsRefused() {
        assertRefused("(".repeat(200) + ".", "byte 100: nests deeper than 100");
        assertRefused("]q\0h\0a.", "contain themselves");
        assertRefused("]q\0" + "]h\0aq\0".repeat(150) + ".", "nest deeper");
        assertRefused(")" + "\u0085".repeat(1_000_000) + ".", "nest deeper");
        assertRefused("]q\0" + "]h\0ah\0aq\0".repeat(60) + ".", "repeats its values"); // 2^60 paths
        assertRefused("N" + "\u0094".repeat(1_000_000) + ".", "remembers more than 500000");
        assertRefused("N0".repeat(10_000_001) + ".", "has more than 20000000 steps");
        // ten thousand copies of a list of ten thousand
        assertRefused("](" + "K\1".repeat(10_000) + "eq\0(" + "c__builtin__\nset\nh\0\u0085R".repeat(10_000) + "t.",
                "copies its values time and again");
        assertRefused("c" + "x".repeat(300) + "\nx\n.", "a name of more than 200 letters");
        assertRefused("}X\0\1\1\0" + "k".repeat(0x10100) + "Ns.", "has a key of 65792 letters");
        assertRefused("}(" + numbers(1500) + text("a") + "Nu.", "keys of several kinds");
    }

    private static String numbers(int count) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append("M").append((char) (i & 0xFF)).append((char) (i >> 8)).append("N");
        }
        return text.toString();
    }

    @Test
    void whatIsShownOfAFileIsOneShortLine() {
        String message = assertThrows(
                        UserError.class, () -> read(text("a\nb\u001b[31m") + text("c\rd") + "\u0093.", false))
                .getMessage();
        assertEquals("x.pt: pickle, byte 21: the name a?b?[31m.c?d is not allowed in a checkpoint", message);
        assertEquals(121, Shown.of("x".repeat(1000)).length());
        assertEquals("a??b", Shown.of("a\u2028\u202eb"));
    }

    /** Objects of unknown classes, as Lightning and omegaconf leave them: called, filled, appended to, used as keys. */
    private static final String FOREIGN = "comegaconf.dictconfig\nDictConfig\n)\u0081}" + text("x") + "K\1sb";

    private static final String CHECKPOINT = "\u0080\2}(" + text("epoch") + "K\7" + text("hyper") + FOREIGN
            + text("path") + "cpathlib\nPosixPath\n(" + text("a") + "tRq\1"
            + text("complex") + "ctorch._utils\n_rebuild_tensor_v2\n((" + text("storage") + "ctorch\nComplexFloatStorage\n"
            + text("0") + text("cpu") + "K\1tQK\0))\u0089)tR" + text("list") + "ceasydict\nEasyDict\n)R" + text("k") + "Ns"
            + text("deep") + "}" + text("in") + "]h\1as" + text("keys") + "}K\1K\2\u0086Nsu.";

    @Test
    void foreignObjectsAreSkippedWhereTheyMayBe(@TempDir Path folder) throws IOException {
        Path path = Files.write(folder.resolve("x.ckpt"),
                TorchZip.checkpoint(false, CHECKPOINT.getBytes(StandardCharsets.ISO_8859_1)));
        try (Container file = Container.open(path, key -> !key.equals("epoch"))) {
            assertEquals(7L, file.at("epoch"));
            String message = assertThrows(UserError.class, () -> file.at("hyper")).getMessage();
            int at = CHECKPOINT.indexOf("comega");
            assertEquals(path + ": holds no data under 'hyper' but omegaconf.dictconfig.DictConfig (byte " + at
                    + "), which was skipped", message);
            assertTrue(assertThrows(UserError.class, () -> file.at("hyper", "x")).getMessage().contains("skipped"));
            assertTrue(assertThrows(UserError.class, () -> file.at("path")).getMessage().contains("pathlib.PosixPath"));
            assertTrue(assertThrows(UserError.class, () -> file.at("complex")).getMessage().contains("ComplexFloatStorage"));
            assertTrue(assertThrows(UserError.class, () -> file.at("list")).getMessage().contains("easydict.EasyDict"));
            assertThrows(UserError.class, () -> file.tensors("hyper"));
            assertEquals(1, ((Map<?, ?>) file.at("keys")).size());
        }
        String strict = assertThrows(UserError.class, () -> Container.open(path)).getMessage();
        assertTrue(strict.contains("the name omegaconf.dictconfig.DictConfig is not allowed"), strict);
        String deep = assertThrows(UserError.class, () -> Container.open(path, key -> !key.equals("deep"))).getMessage();
        assertTrue(deep.endsWith("the name pathlib.PosixPath is not allowed in a checkpoint under 'deep'"), deep);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "refuse_inst_opcode.pt", "refuse_bad_storage_size.pt", "refuse_os_system.pt", "refuse_getattr.pt",
                "refuse_builtins_eval.pt", "refuse_stack_global.pt"
            })
    void skippingMakesNothingOfAFileThatIsNoDataAtAll(String name) {
        assertThrows(UserError.class, () -> Container.open(CheckpointTest.file(name), key -> true));
    }
}
