package org.dnd4j.torch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes the archive that libtorch loads a module from: a zip of text and an empty module object (ENGINE.md). */
final class Archive {
    /** Lines of the class before the program's own first line. */
    static final int HEADER_LINES = 4;

    private static final String CLASS = "P";
    private static final String TYPE = "__torch__." + CLASS;

    private Archive() {}

    /**
     * The class text: the program first, so that its line numbers are easy to give back, then prelude and adapters. Only
     * where {@code Weights} are two lists of tensors can gradients be asked for, and are there adapters.
     */
    static String classText(Program program, String prelude, String weights) {
        StringBuilder methods = new StringBuilder(program.text());
        methods.append('\n').append(prelude).append('\n');
        if (weights.equals(Prelude.TWO_LISTS)) {
            program.signatures().forEach(s -> methods.append(s.adapter()));
        }
        String indented = methods.toString()
                .replaceAll("\\bWeights\\b", weights)
                .replaceAll("(?m)^(def\\s+\\w+\\s*\\(\\s*self)\\b", "$1: " + TYPE)
                .replaceAll("(?m)^(?=.)", "  ");
        return "class " + CLASS + "(Module):\n  __parameters__ = []\n  __buffers__ = []\n  training : bool\n" + indented;
    }

    static byte[] of(Program program, String prelude, String weights) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.setMethod(ZipOutputStream.STORED);
            store(zip, "code/__torch__.py", classText(program, prelude, weights).getBytes(StandardCharsets.UTF_8));
            store(zip, "data.pkl", module());
            store(zip, "constants.pkl", new byte[] {(byte) 0x80, 2, ')', '.'});
            store(zip, "version", "3\n".getBytes(StandardCharsets.US_ASCII));
            store(zip, "byteorder", "little".getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** Pickle protocol 2 of {@code P()} with {@code training = False}. */
    private static byte[] module() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(new byte[] {(byte) 0x80, 2});
        out.write(("c__torch__\n" + CLASS + "\n").getBytes(StandardCharsets.US_ASCII)); // GLOBAL
        out.write(new byte[] {')', (byte) 0x81, '}', '('}); // EMPTY_TUPLE NEWOBJ EMPTY_DICT MARK
        byte[] key = "training".getBytes(StandardCharsets.US_ASCII);
        out.write(new byte[] {'X', (byte) key.length, 0, 0, 0}); // BINUNICODE
        out.write(key);
        out.write(new byte[] {(byte) 0x89, 'u', 'b', '.'}); // NEWFALSE SETITEMS BUILD STOP
        return out.toByteArray();
    }

    private static void store(ZipOutputStream zip, String name, byte[] content) throws IOException {
        ZipEntry entry = new ZipEntry("p/" + name);
        CRC32 crc = new CRC32();
        crc.update(content);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCompressedSize(content.length);
        entry.setCrc(crc.getValue());
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }
}
