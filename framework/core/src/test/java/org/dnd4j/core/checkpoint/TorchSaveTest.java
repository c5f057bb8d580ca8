package org.dnd4j.core.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.DoubleSupplier;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written as PyTorch would is laid out as PyTorch does it, and read as it was meant. */
class TorchSaveTest {
    @TempDir
    Path folder;

    private static TorchSave.Tensor counted(double first, long... shape) {
        return new TorchSave.Tensor(shape, () -> new DoubleSupplier() {
            private double next = first;

            @Override
            public double getAsDouble() {
                return next++;
            }
        });
    }

    private static Map<String, Object> content() {
        Map<String, TorchSave.Tensor> model = new LinkedHashMap<>();
        for (int i = 0; i < 40; i++) {
            model.put("w" + i, counted(100 * i, 3, 4));
        }
        model.put("empty", counted(0, 0, 3));
        model.put("scalar", counted(0.5));
        model.put("image", counted(7, 2, 1, 3, 3));
        Map<String, Object> args = new LinkedHashMap<>();
        args.put("name", "naïve");
        args.put("share", 0.1);
        args.put("none", null);
        args.put("flag", true);
        args.put("other", -70_000);
        return Map.of("model", new TorchSave.State(model), "args", new TorchSave.Namespace(args));
    }

    /** From byte 0 on everything has 64 bits; from 2000 on, the later places; and nothing but at the end. */
    @ParameterizedTest
    @ValueSource(longs = {0, 2000, 0xFFFFFFFFL})
    void whatIsWrittenIsRead(long wide) {
        Path file = folder.resolve("last.pt");
        TorchSave.write(file, content(), wide);
        try (Container open = Container.open(file)) {
            Map<String, Stored> tensors = open.tensors("model");
            assertEquals(43, tensors.size());
            for (int i = 0; i < 40; i++) {
                Stored tensor = tensors.get("w" + i);
                int first = 100 * i;
                assertArrayEquals(new long[] {3, 4}, tensor.shape());
                assertArrayEquals(IntStream.range(first, first + 12).asDoubleStream().toArray(), tensor.doubles());
            }
            assertArrayEquals(new long[] {0, 3}, tensors.get("empty").shape());
            assertArrayEquals(new long[0], tensors.get("scalar").shape());
            assertArrayEquals(new double[] {0.5}, tensors.get("scalar").doubles());
            assertArrayEquals(new long[] {2, 1, 3, 3}, tensors.get("image").shape());
            assertEquals(24, tensors.get("image").doubles()[17]);
            assertEquals("naïve", open.at("args", "name"));
            assertEquals(0.1, open.at("args", "share"));
            assertEquals(null, open.at("args", "none"));
            assertEquals(true, open.at("args", "flag"));
            assertEquals(-70_000L, open.at("args", "other"));
        }
    }

    @Test
    void theLayoutIsThatOfPyTorch() throws IOException {
        Path theirs = CheckpointTest.file("zip_torch1.13.pt");
        Path ours = folder.resolve(theirs.getFileName());
        Map<String, byte[]> entries = new LinkedHashMap<>();
        try (ZipFile zip = new ZipFile(theirs.toFile())) {
            for (ZipEntry entry : zip.stream().toList()) {
                String name = entry.getName().replaceFirst("zip_torch1.13/(data/)?", "");
                entries.put(name, zip.getInputStream(entry).readAllBytes());
            }
        }
        assertArrayEquals("3\n".getBytes(StandardCharsets.US_ASCII), entries.remove("version"));
        TorchSave.pack(ours, entries.remove("data.pkl"), entries, 0xFFFFFFFFL);
        assertArrayEquals(Files.readAllBytes(theirs), Files.readAllBytes(ours));
    }
}
