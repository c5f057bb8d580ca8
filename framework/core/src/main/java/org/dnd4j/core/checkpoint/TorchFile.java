package org.dnd4j.core.checkpoint;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.dnd4j.spi.UserError;

/**
 * Reads what {@code torch.save} has written since PyTorch 1.6: a zip file with one pickle and one entry per storage
 * (REFERENCE I.1). The pickle is read by an allow-list; elements stay in the file until an array is asked for them.
 */
final class TorchFile implements Container {
    private static final long MOST_PICKLE = 256L << 20;

    private final FileBytes file;
    private final ZipFolder zip;
    private final Map<String, Storage> storages = new HashMap<>();
    private final Object content;
    private ZipFolder.Entry inflated;
    private byte[] bytes;

    /**
     * Reads a checkpoint's structure, not its tensors.
     *
     * @throws UserError if it is damaged, or asks for anything but data where {@code skips} does not allow it
     */
    TorchFile(FileBytes file, boolean skips) {
        this.file = file;
        this.zip = ZipFolder.in(file);
        ZipFolder.Entry pickle = zip.entry("data.pkl");
        if (zip.hasLike("code/") || zip.entry("constants.pkl") != null) {
            throw new UserError(path() + ": is a TorchScript archive, a program, not what torch.save writes");
        }
        if (pickle == null) {
            throw new UserError(path() + ": is a zip file but not a checkpoint: there is no " + zip.root() + "data.pkl");
        }
        ZipFolder.Entry order = zip.entry("byteorder");
        if (order != null && !text(order).equals("little")) {
            throw new UserError(path() + ": is big-endian; only little-endian checkpoints are read");
        }
        if (pickle.size() > MOST_PICKLE) {
            throw new UserError(path() + ": data.pkl has " + pickle.size() + " bytes, more than " + MOST_PICKLE);
        }
        Reader in = pickle.deflated()
                ? new Reader(path().toString(), zip.bytes(pickle))
                : new Reader(file, pickle.at(), pickle.at() + pickle.size());
        this.content = Pickle.read(path().toString(), in, in.position(), this::storage, skips);
    }

    private String text(ZipFolder.Entry entry) {
        return entry.size() > 16 ? "" : new String(zip.bytes(entry), StandardCharsets.US_ASCII);
    }

    @Override
    public Path path() {
        return file.path();
    }

    @Override
    public Object content() {
        return content;
    }

    /** A persistent id: ("storage", type, key, place, number of elements). */
    private Object storage(Object id) {
        StorageId wanted = StorageId.of(id);
        Storage known = storages.get(wanted.key());
        if (known != null) {
            wanted.sameAs(known);
            return known;
        }
        ZipFolder.Entry entry = zip.entry("data/" + wanted.key());
        if (entry == null || entry.size() / wanted.type().bytes() != wanted.size()
                || entry.size() % wanted.type().bytes() != 0) {
            String there = entry == null ? " is not there" : " has " + entry.size() + " bytes";
            throw new IllegalArgumentException("storage " + wanted + there);
        }
        Storage storage = entry.deflated()
                ? new Storage(wanted.type(), wanted.size(), entry, (at, into) -> inflated(entry, at, into))
                : Storage.in(file, entry.at(), wanted.type(), wanted.size());
        storages.put(wanted.key(), storage);
        return storage;
    }

    /** Keeps the entry that was asked for last, since its views often follow each other. */
    private synchronized void inflated(ZipFolder.Entry entry, long at, ByteBuffer into) {
        if (inflated != entry) {
            bytes = null;
            bytes = zip.bytes(entry);
            inflated = entry;
        }
        into.put(bytes, (int) at, into.remaining());
    }

    @Override
    public void close() {
        file.close();
    }
}
