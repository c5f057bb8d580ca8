package org.dnd4j.core.checkpoint;

import java.nio.ByteBuffer;
import org.dnd4j.spi.UserError;

/**
 * The end of a zip file, which says where its directory lies.
 *
 * @param entries how many there are
 * @param at the directory's first byte
 * @param length its bytes
 */
record ZipEnd(long entries, long at, long length) {
    private static final int SHORT = 22;
    private static final int LOCATOR = 20;
    private static final int WIDE = 56;

    /**
     * Finds it: the last thing in the file but for a comment.
     *
     * @throws UserError if there is none, or the directory does not lie right before it
     */
    static ZipEnd of(FileBytes file) {
        int length = (int) Math.min(file.size(), SHORT + 0xFFFF);
        ByteBuffer tail = file.read(file.size() - length, length);
        int place = length - SHORT;
        while (place >= 0 && !(tail.getInt(place) == 0x06054b50
                && (tail.getShort(place + 20) & 0xFFFF) == length - SHORT - place)) {
            place--;
        }
        if (place < 0) {
            throw new UserError(file.path() + ": is cut short: a zip file, but without its directory");
        }
        long here = file.size() - length + place;
        int disks = tail.getInt(place + 4);
        ZipEnd end = new ZipEnd(
                tail.getShort(place + 10) & 0xFFFF,
                tail.getInt(place + 16) & 0xFFFFFFFFL,
                tail.getInt(place + 12) & 0xFFFFFFFFL);
        if (place >= LOCATOR && tail.getInt(place - LOCATOR) == 0x07064b50) {
            long wide = tail.getLong(place - LOCATOR + 8);
            long locator = here - LOCATOR;
            if (wide < 0 || wide > locator - WIDE) {
                throw misplaced(file);
            }
            ByteBuffer found = file.read(wide, WIDE);
            if (found.getInt(0) != 0x06064b50 || found.getLong(4) != locator - wide - 12) {
                throw misplaced(file);
            }
            end = new ZipEnd(found.getLong(32), found.getLong(48), found.getLong(40));
            here = wide;
        }
        boolean whole = disks == 0 && end.entries >= 0 && end.at >= 0 && end.length >= 0;
        if (!whole || end.at > here || end.length != here - end.at) {
            throw misplaced(file);
        }
        return end;
    }

    private static UserError misplaced(FileBytes file) {
        return new UserError(file.path() + ": is damaged: its zip directory does not lie where it should");
    }
}
