package org.dnd4j.core.checkpoint;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.dnd4j.spi.UserError;

/**
 * The entries of a zip file that is one folder, as its central directory and the headers before each entry agree on them
 * (REFERENCE I.1). Stricter than a tool that unpacks must be: whatever two readers could understand differently, a name
 * twice or outside the folder, entries that overlap, headers that contradict each other, is refused. Checksums are not
 * compared, since torch.save can be told to leave them out.
 */
final class ZipFolder {
    private static final int STORED = 0;
    private static final int DEFLATED = 8;
    private static final int ENCRYPTED = 1;
    private static final int SIZES_FOLLOW = 8;
    private static final long MOST_ENTRIES = 1_000_000;

    /** What is deflated may be this much larger than the file, plus a little: weights hardly shrink, bombs grow. */
    private static final long MOST_GROWTH = 32;

    private static final long LITTLE = 1 << 19;
    private static final int PIECE = 1 << 14;

    /** Where an entry's bytes lie. */
    record Entry(String name, boolean deflated, long at, long packed, long size) {}

    private record Header(Entry entry, long begin) {}

    private final FileBytes file;
    private final String root;
    private final Map<String, Entry> entries;

    private ZipFolder(FileBytes file, String root, Map<String, Entry> entries) {
        this.file = file;
        this.root = root;
        this.entries = entries;
    }

    /**
     * Reads the directory.
     *
     * @throws UserError if it is damaged or ambiguous
     */
    static ZipFolder in(FileBytes file) {
        ZipEnd end = ZipEnd.of(file);
        if (end.entries() > MOST_ENTRIES || end.entries() > end.length() / 46) {
            throw damaged(file, "its directory of " + end.length() + " bytes should hold " + end.entries() + " entries");
        }
        Reader in = new Reader(file, end.at(), end.at() + end.length());
        List<Header> headers = new ArrayList<>();
        for (long i = 0; i < end.entries(); i++) {
            headers.add(header(file, in, end.at()));
        }
        if (in.remaining() > 0) {
            throw damaged(file, "its directory holds more than " + end.entries() + " entries");
        }
        apart(file, headers);
        String root = headers.isEmpty() ? "" : folder(headers.get(0).entry.name);
        Map<String, Entry> entries = new LinkedHashMap<>();
        long inflated = 0;
        for (Header h : headers) {
            Entry e = h.entry;
            if (!e.name.startsWith(root) || !plain(e.name)) {
                throw damaged(file, "it has an entry '" + Shown.of(e.name) + "', which does not lie in " + Shown.of(root));
            }
            if (entries.put(e.name.substring(root.length()), e) != null) {
                throw damaged(file, "it has two entries '" + Shown.of(e.name) + "'");
            }
            inflated += e.deflated ? e.size : 0;
        }
        if (inflated > LITTLE + MOST_GROWTH * file.size()) {
            throw damaged(file, "it would grow to " + inflated + " bytes, more than " + MOST_GROWTH + " times its size");
        }
        return new ZipFolder(file, root, entries);
    }

    private static String folder(String name) {
        return name.substring(0, name.indexOf('/') + 1);
    }

    /** One entry of the directory, compared with the header before its bytes. */
    private static Header header(FileBytes file, Reader in, long directory) {
        if (in.whole4() != 0x02014b50) {
            throw damaged(file, "an entry of its directory does not begin as one");
        }
        in.skip(4); // versions
        int flags = in.whole2();
        int method = in.whole2();
        in.skip(8); // time, checksum
        long packed = in.whole4();
        long size = in.whole4();
        int nameLength = in.whole2();
        int extraLength = in.whole2();
        int commentLength = in.whole2();
        in.skip(8); // disk, attributes
        long begin = in.whole4();
        byte[] name = in.bytes(nameLength);
        Zip64 wide = Zip64.of(ByteBuffer.wrap(in.bytes(extraLength)), size, packed, begin);
        in.skip(commentLength);
        String text = new String(name, StandardCharsets.UTF_8);
        String which = "entry '" + Shown.of(text) + "' ";
        if (method != STORED && method != DEFLATED || (flags & ENCRYPTED) != 0) {
            throw damaged(file, which + "is neither stored nor deflated");
        }
        if (wide.begin() < 0 || wide.begin() > directory - 30) {
            throw damaged(file, which + "lies outside");
        }
        Reader local = new Reader(file, wide.begin(), Math.min(directory, wide.begin() + 30 + nameLength));
        boolean begins = local.whole4() == 0x04034b50;
        local.skip(2);
        int localFlags = local.whole2();
        int localMethod = local.whole2();
        local.skip(8);
        long localPacked = local.whole4();
        long localSize = local.whole4();
        int localName = local.whole2();
        int localExtra = local.whole2();
        boolean sized = (localFlags & SIZES_FOLLOW) != 0
                || localPacked == Zip64.ELSEWHERE
                || localSize == Zip64.ELSEWHERE
                || localPacked == wide.packed() && localSize == wide.size();
        if (!begins
                || localMethod != method
                || !sized
                || localName != name.length
                || !Arrays.equals(name, local.bytes(localName))) {
            throw damaged(file, which + "is another one where it lies than in the directory");
        }
        long at = wide.begin() + 30 + localName + localExtra;
        if (wide.packed() < 0 || wide.size() < 0 || at > directory || wide.packed() > directory - at) {
            throw damaged(file, which + "does not fit: " + wide.packed() + " bytes at byte " + at);
        }
        if (method == STORED && wide.packed() != wide.size()) {
            throw damaged(file, which + "is stored, but " + wide.packed() + " bytes are not " + wide.size());
        }
        return new Header(new Entry(text, method == DEFLATED, at, wide.packed(), wide.size()), wide.begin());
    }

    private static void apart(FileBytes file, List<Header> headers) {
        List<Header> sorted = new ArrayList<>(headers);
        sorted.sort(Comparator.comparingLong(Header::begin));
        for (int i = 1; i < sorted.size(); i++) {
            Entry before = sorted.get(i - 1).entry;
            if (before.at + before.packed > sorted.get(i).begin) {
                throw damaged(file, "entries '" + Shown.of(before.name) + "' and '" + Shown.of(sorted.get(i).entry.name)
                        + "' overlap");
            }
        }
    }

    /** Whether a name stays in its folder and can be shown; a folder itself may end in a slash. */
    private static boolean plain(String name) {
        if (name.chars().anyMatch(c -> c < ' ' || c == '\\' || c == ':' || c == 0x7F || c == 0xFFFD)) {
            return false;
        }
        String[] parts = name.split("/");
        for (String part : parts) {
            if (part.isEmpty() || part.equals(".") || part.equals("..")) {
                return false;
            }
        }
        return parts.length > 0;
    }

    /** The folder, with a slash; empty if the first entry lies in none. */
    String root() {
        return root;
    }

    /** The entry of that name below the folder, or null. */
    Entry entry(String name) {
        return entries.get(name);
    }

    /** Whether some entry's name below the folder begins like this. */
    boolean hasLike(String start) {
        return entries.keySet().stream().anyMatch(n -> n.startsWith(start));
    }

    /**
     * All bytes of an entry.
     *
     * @throws UserError if they are more than one array holds, or are not as many as the directory says
     */
    byte[] bytes(Entry entry) {
        if (entry.size > Integer.MAX_VALUE - 8) {
            throw damaged(file, entry.name + " has " + entry.size + " bytes, more than can be read at once");
        }
        ByteBuffer out = ByteBuffer.allocate((int) entry.size);
        if (!entry.deflated) {
            file.read(entry.at, out);
        } else if (!inflate(entry, out)) {
            throw damaged(file, entry.name + " does not inflate to " + entry.size + " bytes");
        }
        return out.array();
    }

    private boolean inflate(Entry entry, ByteBuffer out) {
        Inflater inflater = new Inflater(true);
        byte[] beyond = new byte[1];
        try {
            Reader in = new Reader(file, entry.at, entry.at + entry.packed);
            while (!inflater.finished()) {
                if (inflater.needsInput()) {
                    inflater.setInput(in.bytes(Math.min(in.remaining(), PIECE)));
                }
                boolean full = !out.hasRemaining();
                int got = full ? inflater.inflate(beyond) : inflater.inflate(out);
                boolean stuck = got == 0 && !inflater.finished() && (!inflater.needsInput() || in.remaining() == 0);
                if (stuck || full && got > 0) {
                    return false;
                }
            }
            return !out.hasRemaining();
        } catch (DataFormatException e) {
            return false;
        } finally {
            inflater.end();
        }
    }

    private static UserError damaged(FileBytes file, String what) {
        return new UserError(file.path() + ": is damaged: " + what);
    }
}
