package org.dnd4j.core.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.dnd4j.spi.UserError;
import org.dnd4j.torch.Torch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsTest {
    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void write() {
        file = folder.resolve("x.safetensors");
        try (Torch torch = Torch.open("cpu")) {
            Map<String, NDArray> arrays = new LinkedHashMap<>();
            arrays.put("b", torch.manager().create(new float[] {1, 2, 3, 4, 5, 6}, new Shape(2, 3)));
            arrays.put("a", torch.manager().create(7f));
            Safetensors.write(file, Map.of("step", "3"), arrays);
        }
    }

    /** Arrays are checked when they are read. */
    private static void read(Path file) {
        Safetensors open = Safetensors.open(file);
        open.names().forEach(open::floats);
    }

    private String complaint(byte[] bytes) throws IOException {
        Path other = Files.write(folder.resolve("y.safetensors"), bytes);
        return assertThrows(UserError.class, () -> read(other)).getMessage().replace(other.toString(), "y");
    }

    /** The name of a tokenizer is the hash of its file, which must not depend on the JVM that wrote it. */
    @Test
    void everyByteIsDetermined() throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        int length = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt();
        String header = new String(bytes, 8, length, StandardCharsets.UTF_8).strip().replaceFirst("[0-9a-f]{24}", "SUMS");
        assertEquals(
                "{\"__metadata__\":{\"crc32c\":\"SUMS\",\"step\":\"3\"},"
                        + "\"b\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0,24]},"
                        + "\"a\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[24,28]}}",
                header);
    }

    @Test
    void everyCutAndEveryFlippedBitIsNoticed() throws IOException {
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length++) {
            assertTrue(complaint(Arrays.copyOf(whole, length)).startsWith("y: "));
        }
        int name = new String(whole, StandardCharsets.ISO_8859_1).indexOf("crc32c");
        for (int i = 0; i < whole.length; i++) {
            if (i >= name && i < name + 6) {
                continue; // without its name the sum is somebody else's text; the weights are whole
            }
            byte[] flipped = whole.clone();
            flipped[i] ^= 4;
            String message = complaint(flipped);
            assertTrue(message.startsWith("y: ") && message.lines().count() == 1, i + ": " + message);
        }
    }

    @Test
    void aHeaderThatIsTooLongIsNotRead() throws IOException {
        byte[] huge = Files.readAllBytes(file);
        Arrays.fill(huge, 0, 8, (byte) 0xFF);
        assertEquals("y: is not a safetensors file or cut short", complaint(huge));
        huge[7] = 0x7F;
        assertEquals("y: is not a safetensors file or cut short", complaint(huge));
    }
}
