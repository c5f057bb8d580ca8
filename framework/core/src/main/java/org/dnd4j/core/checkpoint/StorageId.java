package org.dnd4j.core.checkpoint;

import java.util.List;

/**
 * What a pickle calls a storage: ("storage", type, key, place, number of elements[, view]); its place, a device, is nobody's
 * business here.
 *
 * @param view null, or (key, first element, number of elements) of a part (REFERENCE I.2)
 */
record StorageId(ElementType type, String key, long size, List<?> view) {

    /** Reads one; whatever is not as it should be is an {@link IllegalArgumentException} or another that says damage. */
    static StorageId of(Object id) {
        List<?> parts = (List<?>) id;
        String key = (String) parts.get(2);
        if (!"storage".equals(parts.get(0)) || !key.matches("\\w{1,64}")) {
            throw new IllegalArgumentException("has a storage called '" + Shown.of(key) + "'");
        }
        if (!(parts.get(1) instanceof ElementType type)) {
            throw new IllegalArgumentException("has a storage of no type");
        }
        long size = (Long) parts.get(4);
        if (size < 0) {
            throw new IllegalArgumentException("has a storage of " + size + " elements");
        }
        return new StorageId(type, key, size, parts.size() > 5 ? (List<?>) parts.get(5) : null);
    }

    /** Complains if a storage that was named before was another one. */
    void sameAs(Storage known) {
        if (known.type() != type || known.size() != size) {
            throw new IllegalArgumentException(
                    "storage " + this + " has " + known.size() + " elements of " + known.type() + " elsewhere");
        }
    }

    @Override
    public String toString() {
        return key + " should have " + size + " elements of " + type + ", but";
    }
}
