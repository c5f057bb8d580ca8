package org.dnd4j.core.checkpoint;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Predicate;
import org.dnd4j.spi.UserError;

/** Tells of which format a file is, by its first bytes and never by its name. */
final class Format {
    /** As far as a tar file's signature. */
    private static final int LOOK = 264;

    private static final int TAR_SIGNATURE = 257;
    private static final byte[] OLD_MAGIC = {
        (byte) 0x8a, 0x0a, 0x6c, (byte) 0xfc, (byte) 0x9c, 0x46, (byte) 0xf9, 0x20, 0x6a
    };

    private Format() {}

    /**
     * Opens a file that is of one of the formats that are read.
     *
     * @param skip see {@link Container#open(Path, Predicate)}; null if nothing is to be skipped anywhere
     * @throws UserError if it is of another one, which is named where it is known, or damaged, or asks for more than data
     */
    static Container open(Path path, Predicate<String> skip) {
        FileBytes file = FileBytes.open(path);
        try {
            Container opened = open(file, skip != null);
            if (skip != null) {
                check(opened, skip);
            }
            return opened;
        } catch (RuntimeException | Error e) {
            file.close();
            throw e;
        }
    }

    private static Container open(FileBytes file, boolean skips) {
        ByteBuffer first = file.read(0, (int) Math.min(LOOK, file.size()));
        String text = new String(first.array(), StandardCharsets.ISO_8859_1);
        if (text.startsWith("PK\3\4") || text.startsWith("PK\5\6")) {
            return new TorchFile(file, skips);
        } else if (old(first)) {
            return new LegacyFile(file, skips);
        } else if (first.limit() > 8 && first.get(8) == '{' && first.getLong(0) > 1) {
            file.close();
            return SafetensorsFile.open(file.path());
        }
        throw new UserError(file.path() + ": is " + other(text) + "; what torch.save writes, and safetensors, are read");
    }

    /** Complains of what was skipped where it may not be. */
    private static void check(Container opened, Predicate<String> skip) {
        if (opened.content() instanceof Map<?, ?> map) {
            map.forEach((key, value) -> {
                boolean mayBe = key instanceof String s && skip.test(s);
                refuse(opened, mayBe ? null : Tree.skipped(value), " under '" + Shown.of(String.valueOf(key)) + "'");
                refuse(opened, key instanceof Skipped s ? s : null, " as a key");
            });
        } else {
            refuse(opened, Tree.skipped(opened.content()), "");
        }
    }

    private static void refuse(Container opened, Skipped found, String where) {
        if (found != null) {
            throw new UserError(opened.path() + ": pickle, byte " + found.at() + ": the name " + found.name()
                    + " is not allowed in a checkpoint" + where);
        }
    }

    /** Whether it begins with the magic number of torch.save before 1.6, by whichever protocol it was pickled. */
    private static boolean old(ByteBuffer first) {
        if (first.limit() < 24 || first.get(0) != (byte) 0x80 || first.get(1) < 2) {
            return false;
        }
        int at = first.get(2) == (byte) 0x95 ? 11 : 2; // behind the length of a frame
        for (int i = 0; i < OLD_MAGIC.length; i++) {
            if (first.get(at + i) != OLD_MAGIC[i]) {
                return false;
            }
        }
        return true;
    }

    private static String other(String text) {
        if (text.isEmpty()) {
            return "empty";
        } else if (text.startsWith("version https://git-lfs")) {
            return "a pointer to a file that Git LFS keeps, not the file";
        } else if (text.startsWith("ustar", Math.min(TAR_SIGNATURE, text.length()))) {
            return "a tar archive, as PyTorch wrote before 0.1.10";
        } else if (text.startsWith("\u0093NUMPY")) {
            return "a numpy array, not a checkpoint";
        } else if (text.startsWith("\u0080") && text.length() > 1 && text.charAt(1) <= 5) {
            return "a pickle that torch.save has not written";
        }
        return text.stripLeading().startsWith("<") ? "a web page, not a checkpoint" : "no checkpoint of a known format";
    }
}
