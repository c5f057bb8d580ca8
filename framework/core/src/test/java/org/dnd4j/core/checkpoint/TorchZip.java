package org.dnd4j.core.checkpoint;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.Deflater;

/** Packs zip files as torch.save does, or as it never would: no name and no size is looked at. */
final class TorchZip {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final List<byte[]> directory = new ArrayList<>();
    private final boolean deflated;

    private TorchZip(boolean deflated) {
        this.deflated = deflated;
    }

    /** Entries side by side, aligned and with sizes that follow the data. */
    static TorchZip stored() {
        return new TorchZip(false);
    }

    static TorchZip deflated() {
        return new TorchZip(true);
    }

    /** A checkpoint: a pickle, and storages under the names 0, 1, … */
    static byte[] checkpoint(boolean deflated, byte[] pickle, byte[]... storages) {
        TorchZip zip = new TorchZip(deflated).add("x/data.pkl", pickle);
        for (int i = 0; i < storages.length; i++) {
            zip.add("x/data/" + i, storages[i]);
        }
        return zip.add("x/version", "3\n".getBytes(StandardCharsets.US_ASCII)).bytes();
    }

    TorchZip add(String name, byte[] content) {
        byte[] packed = deflated ? deflate(content) : content;
        return add(name, packed, packed.length, content.length, out.size());
    }

    /** An entry whose directory says what it is told to. */
    TorchZip add(String name, byte[] packed, long packedSize, long size, long begin) {
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        int padding = Math.floorMod(-(out.size() + 34 + text.length), 64);
        ByteBuffer local = little(34 + text.length + padding);
        local.putInt(0x04034b50).putShort((short) 0).putShort((short) 0x0808).putShort((short) (deflated ? 8 : 0));
        local.position(26);
        local.putShort((short) text.length).putShort((short) (4 + padding)).put(text);
        local.putShort((short) 0x4246).putShort((short) padding);
        out.writeBytes(local.array());
        out.writeBytes(packed);
        out.writeBytes(little(16).putInt(0x08074b50).putInt(0).putInt(packed.length).putInt((int) size).array());
        boolean wide = packedSize > 0xFFFFFFFEL || size > 0xFFFFFFFEL || begin > 0xFFFFFFFEL;
        ByteBuffer entry = little(46 + text.length + (wide ? 28 : 0));
        entry.putInt(0x02014b50).putInt(0).putShort((short) 0x0808).putShort((short) (deflated ? 8 : 0)).putLong(0);
        entry.putInt(wide ? -1 : (int) packedSize).putInt(wide ? -1 : (int) size);
        entry.putShort((short) text.length).putShort((short) (wide ? 28 : 0));
        entry.position(42);
        entry.putInt(wide ? -1 : (int) begin).put(text);
        if (wide) {
            entry.putShort((short) 1).putShort((short) 24).putLong(size).putLong(packedSize).putLong(begin);
        }
        directory.add(entry.array());
        return this;
    }

    byte[] bytes() {
        int at = out.size();
        out.writeBytes(end(at));
        return out.toByteArray();
    }

    /** The directory and what closes the file, if the directory lies at that byte. */
    byte[] end(long at) {
        ByteArrayOutputStream end = new ByteArrayOutputStream();
        directory.forEach(end::writeBytes);
        int length = end.size();
        int count = directory.size();
        ByteBuffer wide = little(56).putInt(0x06064b50).putLong(44).putInt(0).putLong(0);
        wide.putLong(count).putLong(count).putLong(length).putLong(at);
        end.writeBytes(wide.array());
        end.writeBytes(little(20).putInt(0x07064b50).putInt(0).putLong(at + length).putInt(1).array());
        ByteBuffer last = little(22).putInt(0x06054b50).putInt(0).putShort((short) count).putShort((short) count);
        end.writeBytes(last.putInt(length).putInt((int) Math.min(at, 0xFFFFFFFFL)).array());
        return end.toByteArray();
    }

    /** Bytes so far. */
    int size() {
        return out.size();
    }

    byte[] soFar() {
        return out.toByteArray();
    }

    private static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static byte[] deflate(byte[] content) {
        Deflater deflater = new Deflater(9, true);
        deflater.setInput(content);
        deflater.finish();
        byte[] packed = new byte[content.length + 100];
        int length = deflater.deflate(packed);
        deflater.end();
        return Arrays.copyOf(packed, length);
    }
}
