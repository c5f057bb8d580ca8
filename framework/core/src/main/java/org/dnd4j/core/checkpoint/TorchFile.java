package org.dnd4j.core.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.dnd4j.core.Why;
import org.dnd4j.spi.UserError;

/**
 * Reads what {@code torch.save} has written since PyTorch 1.6: a zip file with one pickle and one entry per storage
 * (REFERENCE I.1). The pickle is read by an allow-list; elements stay in the file until an array is asked for them.
 */
final class TorchFile implements Container {
    private static final long MOST_PICKLE = 256L << 20;

    private final Path path;
    private final ZipFile zip;
    private final String root;
    private final Map<String, Stored.Storage> storages = new HashMap<>();
    private final Object content;

    private TorchFile(Path path, ZipFile zip) throws IOException {
        this.path = path;
        this.zip = zip;
        this.root = zip.stream().findFirst().map(e -> e.getName().replaceFirst("/.*", "/")).orElse("");
        ZipEntry pickle = zip.getEntry(root + "data.pkl");
        if (pickle == null) {
            throw new UserError(path + ": is a zip file but not a checkpoint: there is no " + root + "data.pkl");
        }
        ZipEntry order = zip.getEntry(root + "byteorder");
        if (order != null && !new String(bytes(order, 16)).equals("little")) {
            throw new UserError(path + ": is big-endian; only little-endian checkpoints are read");
        }
        this.content = Pickle.read(path.toString(), ByteBuffer.wrap(bytes(pickle, MOST_PICKLE)), this::storage);
    }

    /**
     * Opens a checkpoint and reads its structure, not its tensors.
     *
     * @throws UserError if it is of another format, damaged, or asks for anything but data
     */
    @SuppressWarnings("resource") // handed on
    static TorchFile open(Path path) {
        if (!Files.isRegularFile(path)) {
            throw new UserError(path + ": there is no such file");
        }
        ZipFile zip;
        try {
            zip = new ZipFile(path.toFile());
        } catch (IOException e) {
            throw new UserError(path + ": is not a checkpoint of PyTorch 1.6 or later (no readable zip file)", e);
        }
        try {
            return new TorchFile(path, zip);
        } catch (IOException | RuntimeException e) {
            try {
                zip.close();
            } catch (IOException also) {
                e.addSuppressed(also);
            }
            throw e instanceof UserError u ? u : new UserError(path + ": is damaged: " + Why.of(e), e);
        }
    }

    @Override
    public Path path() {
        return path;
    }

    @Override
    public Object content() {
        return content;
    }

    /** A persistent id: ("storage", type, key, place, number of elements). */
    private Object storage(Object id) {
        List<?> parts = (List<?>) id;
        String key = (String) parts.get(2);
        ElementType type = (ElementType) parts.get(1);
        long size = (Long) parts.get(4);
        if (!"storage".equals(parts.get(0)) || !key.matches("\\w{1,64}")) {
            throw new IllegalArgumentException("has a storage called '" + key + "'");
        }
        Stored.Storage known = storages.get(key);
        if (known != null && known.type() == type && known.size() == size) {
            return known;
        }
        ZipEntry entry = zip.getEntry(root + "data/" + key);
        long length = entry == null ? -1 : entry.getSize();
        if (size < 0 || size > Integer.MAX_VALUE || length != size * type.bytes()) {
            throw new IllegalArgumentException("storage " + key + " should have " + size + " elements of " + type + ", "
                    + (entry == null ? "but is not there" : "not " + length + " bytes"));
        }
        Stored.Storage storage = new Entry(type, size, entry);
        storages.put(key, storage);
        return storage;
    }

    /** A storage in the zip file. Compared by identity: one object per storage. */
    private final class Entry implements Stored.Storage {
        private final ElementType type;
        private final long size;
        private final ZipEntry entry;

        Entry(ElementType type, long size, ZipEntry entry) {
            this.type = type;
            this.size = size;
            this.entry = entry;
        }

        @Override
        public ElementType type() {
            return type;
        }

        @Override
        public long size() {
            return size;
        }

        @Override
        public ByteBuffer bytes() {
            try {
                byte[] all = TorchFile.this.bytes(entry, size * type.bytes());
                if (all.length != size * type.bytes()) {
                    throw new UserError(path + ": is damaged: " + entry.getName() + " is cut short");
                }
                return ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN);
            } catch (IOException e) {
                throw new UserError(path + ": is damaged: " + entry.getName() + ": " + Why.of(e), e);
            }
        }
    }

    private byte[] bytes(ZipEntry entry, long most) throws IOException {
        if (entry.getSize() > most) {
            throw new UserError(path + ": " + entry.getName() + " has " + entry.getSize() + " bytes, more than " + most);
        }
        try (InputStream in = zip.getInputStream(entry)) {
            return in.readNBytes((int) Math.min(most, Integer.MAX_VALUE - 8));
        }
    }

    @Override
    public void close() {
        try {
            zip.close();
        } catch (IOException e) {
            throw new UncheckedIOException(path + ": cannot be closed", e);
        }
    }
}
