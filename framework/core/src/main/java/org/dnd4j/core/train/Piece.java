package org.dnd4j.core.train;

import java.util.function.Supplier;
import org.dnd4j.torch.Weight;

/**
 * One weight on its way into a checkpoint: its elements are made when they are asked for, so that one at a time is in memory.
 *
 * @param weight its name and shape here
 * @param elements row-major
 */
public record Piece(Weight weight, Supplier<float[]> elements) {}
