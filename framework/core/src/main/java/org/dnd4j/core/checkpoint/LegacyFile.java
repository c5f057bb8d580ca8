package org.dnd4j.core.checkpoint;

import java.math.BigInteger;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.dnd4j.spi.UserError;

/**
 * Reads what {@code torch.save} wrote before PyTorch 1.6, Python 2's included: five pickles in a row, then the storages in
 * the order of the keys that the last of them lists (REFERENCE I.2).
 */
final class LegacyFile implements Container {
    /** The first pickle. */
    static final BigInteger MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);

    private static final Long PROTOCOL = 1001L;
    private static final long MOST_PICKLE = 256L << 20;

    private final FileBytes file;
    private final Map<String, Place> places = new LinkedHashMap<>();
    private final Object content;

    /** A storage, which lies nowhere until the keys have been read. */
    private static final class Place {
        private long begin = -1;
        private Storage storage;
    }

    /**
     * Reads a checkpoint's structure, not its tensors.
     *
     * @throws UserError if it is damaged, or asks for anything but data where {@code skips} does not allow it
     */
    LegacyFile(FileBytes file, boolean skips) {
        this.file = file;
        Reader in = new Reader(file, 0, Math.min(file.size(), MOST_PICKLE));
        boolean known = MAGIC.equals(read(in, false)) && PROTOCOL.equals(read(in, false));
        if (!known || !(read(in, false) instanceof Map<?, ?> machine)) {
            throw new UserError(path() + ": is damaged: it does not begin as PyTorch's old format does");
        }
        if (!Boolean.TRUE.equals(machine.get("little_endian"))) {
            throw new UserError(path() + ": is big-endian; only little-endian checkpoints are read");
        }
        this.content = read(in, skips);
        if (!(read(in, false) instanceof List<?> keys)) {
            throw new UserError(path() + ": is damaged: no list of storages follows its content");
        }
        place(keys, in.position());
    }

    private Object read(Reader in, boolean skips) {
        return Pickle.read(path().toString(), in, 0, this::storage, skips);
    }

    private Object storage(Object id) {
        StorageId wanted = StorageId.of(id);
        Place place = places.get(wanted.key());
        if (place != null) {
            wanted.sameAs(place.storage);
        } else {
            Place fresh = new Place();
            if (wanted.size() > file.size() / wanted.type().bytes()) {
                throw new IllegalArgumentException("storage " + wanted + " the file has " + file.size() + " bytes");
            }
            fresh.storage = new Storage(
                    wanted.type(), wanted.size(), fresh, (at, into) -> file.read(fresh.begin + at, into));
            places.put(wanted.key(), fresh);
            place = fresh;
        }
        return wanted.view() == null
                ? place.storage
                : place.storage.part((Long) wanted.view().get(1), (Long) wanted.view().get(2));
    }

    /** Finds each storage behind the pickles: how many elements, then their bytes. */
    private void place(List<?> keys, long begin) {
        Set<Object> seen = new HashSet<>();
        long at = begin;
        for (Object key : keys) {
            Place place = key instanceof String s ? places.get(s) : null;
            if (place == null || !seen.add(key)) {
                throw new UserError(path() + ": is damaged: it lists a storage "
                        + (place == null ? "that nothing uses" : key + " twice"));
            }
            long bytes = place.storage.size() * place.storage.type().bytes();
            if (file.size() - at < Long.BYTES + bytes) {
                throw new UserError(path() + ": is cut short: storage " + key + " should take " + bytes + " bytes from byte "
                        + (at + Long.BYTES));
            }
            long elements = new Reader(file, at, at + Long.BYTES).whole8();
            if (elements != place.storage.size()) {
                throw new UserError(path() + ": is damaged: storage " + key + " has " + elements + " elements at byte " + at
                        + ", not " + place.storage.size());
            }
            place.begin = at + Long.BYTES;
            at += Long.BYTES + bytes;
        }
        if (seen.size() != places.size() || at != file.size()) {
            throw new UserError(path() + ": is damaged: " + seen.size() + " storages end at byte " + at + ", the file has "
                    + places.size() + " in " + file.size() + " bytes");
        }
    }

    @Override
    public Path path() {
        return file.path();
    }

    @Override
    public Object content() {
        return content;
    }

    @Override
    public void close() {
        file.close();
    }
}
