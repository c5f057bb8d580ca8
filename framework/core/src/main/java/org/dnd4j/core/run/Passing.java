package org.dnd4j.core.run;

import java.util.List;
import org.dnd4j.core.Progress;
import org.dnd4j.core.Stopped;
import org.dnd4j.core.train.Piece;

/** Tensors on their way into a file, counted as they pass; between two of them the work can be stopped. */
final class Passing {
    private final Progress progress;
    private final String stopped;
    private long done;

    /** {@code stopped} is what is said if the work is stopped. */
    Passing(Progress progress, String stopped) {
        this.progress = progress;
        this.stopped = stopped;
    }

    /** The same tensors, which say so when they are asked for. */
    List<Piece> counted(List<Piece> pieces) {
        return pieces.stream().map(this::counted).toList();
    }

    private Piece counted(Piece piece) {
        return new Piece(piece.weight(), () -> {
            if (progress.stopped()) {
                throw new Stopped(stopped);
            }
            progress.at(++done, piece.weight().name());
            return piece.elements().get();
        });
    }
}
