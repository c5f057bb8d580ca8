package org.dnd4j.torch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes the archive that libtorch loads a module from: a zip of text and an empty module object (ENGINE.md). A program that
 * calls others has them as modules inside its own.
 */
final class Archive {
    private static final String TYPE = "__torch__.";
    private static final String WHOLE = "P";

    private Archive() {}

    /** What a program calls its part {@code i}, as in {@code self.p0.run(…)}. */
    static String part(int i) {
        return "p" + i;
    }

    private static String partType(int i) {
        return WHOLE + i;
    }

    /** Lines of the archive's text before the program's own first line. */
    static int header(Program program) {
        return 4 + program.parts().size();
    }

    static byte[] of(Program program, String prelude, String weights) {
        StringBuilder code = new StringBuilder(classText(WHOLE, program, prelude, weights)); // first, to give its lines back
        for (int i = 0; i < program.parts().size(); i++) {
            code.append('\n').append(classText(partType(i), program.parts().get(i), prelude, weights));
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.setMethod(ZipOutputStream.STORED);
            store(zip, "code/__torch__.py", code.toString().getBytes(StandardCharsets.UTF_8));
            store(zip, "data.pkl", module(program.parts().size()));
            store(zip, "constants.pkl", new byte[] {(byte) 0x80, 2, ')', '.'});
            store(zip, "version", "3\n".getBytes(StandardCharsets.US_ASCII));
            store(zip, "byteorder", "little".getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /**
     * The text of one class: the program first, then prelude and adapters. Only where {@code Weights} are two lists of
     * tensors can gradients be asked for, and are there adapters.
     */
    private static String classText(String name, Program program, String prelude, String weights) {
        StringBuilder attributes = new StringBuilder();
        for (int i = 0; i < program.parts().size(); i++) {
            attributes.append("  ").append(part(i)).append(" : ").append(TYPE).append(partType(i)).append('\n');
        }
        StringBuilder methods = new StringBuilder(program.text());
        methods.append('\n').append(prelude).append('\n');
        if (weights.equals(Prelude.TWO_LISTS)) {
            program.signatures().forEach(s -> methods.append(s.adapter()));
        }
        String indented = methods.toString()
                .replaceAll("\\bWeights\\b", weights)
                .replaceAll("(?m)^(def\\s+\\w+\\s*\\(\\s*self)\\b", "$1: " + TYPE + name)
                .replaceAll("(?m)^(?=.)", "  ");
        return "class " + name + "(Module):\n  __parameters__ = []\n  __buffers__ = []\n  training : bool\n" + attributes
                + indented;
    }

    /** Pickle protocol 2 of {@code P()} with {@code training = False} and its parts, which are alike. */
    private static byte[] module(int parts) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(new byte[] {(byte) 0x80, 2});
        open(out, WHOLE);
        for (int i = 0; i < parts; i++) {
            string(out, part(i));
            open(out, partType(i));
            out.write(new byte[] {'u', 'b'}); // SETITEMS BUILD
        }
        out.write(new byte[] {'u', 'b', '.'}); // SETITEMS BUILD STOP
        return out.toByteArray();
    }

    /** An object, and of its attributes the first. */
    private static void open(ByteArrayOutputStream out, String type) throws IOException {
        out.write(("c__torch__\n" + type + "\n").getBytes(StandardCharsets.US_ASCII)); // GLOBAL
        out.write(new byte[] {')', (byte) 0x81, '}', '('}); // EMPTY_TUPLE NEWOBJ EMPTY_DICT MARK
        string(out, "training");
        out.write((byte) 0x89); // NEWFALSE
    }

    private static void string(ByteArrayOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        out.write(new byte[] {'X', (byte) bytes.length, 0, 0, 0}); // BINUNICODE
        out.write(bytes);
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
