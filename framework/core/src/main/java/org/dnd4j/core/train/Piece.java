package org.dnd4j.core.train;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.dnd4j.core.checkpoint.ElementType;
import org.dnd4j.core.checkpoint.Narrow;
import org.dnd4j.core.checkpoint.Part;
import org.dnd4j.torch.Precision;
import org.dnd4j.torch.Weight;

/**
 * One weight on its way into a checkpoint: its elements are made when they are asked for, so that one at a time is in memory.
 *
 * @param weight its name and shape here
 * @param elements row-major
 */
public record Piece(Weight weight, Supplier<float[]> elements) {

    /** The name under which a matrix of whole numbers has its scales. */
    static String scale(String name) {
        return name + ".scale";
    }

    /** What a file that is kept in some precision holds of it. */
    Stream<Part> parts(Precision kept) {
        return switch (kept) {
            case BFLOAT16 -> Stream.of(part(ElementType.BF16));
            case INT8 -> weight.matrix() ? quantised() : Stream.of(part(ElementType.F32));
            case INT4 -> weight.matrix() && weight.shape().get(1) % 2 == 0 ? halved() : Stream.of(part(ElementType.F32));
            default -> Stream.of(part(ElementType.F32));
        };
    }

    private Part part(ElementType type) {
        return new Part(weight.name(), type, weight.shape(), () -> type == ElementType.F32
                ? Narrow.float32(elements.get())
                : Narrow.bfloat16(elements.get()));
    }

    /** Whole numbers, two a byte, then the scales and zeros that were found while those were made. */
    private Stream<Part> halved() {
        int rows = Math.toIntExact(weight.shape().get(0));
        long columns = weight.shape().get(1);
        long groups = Narrow.groups(columns);
        float[] scales = new float[Math.toIntExact(2 * rows * groups)];
        return Stream.of(
                new Part(weight.name(), ElementType.U8, List.of((long) rows, columns / 2), () -> {
                    float[] values = elements.get();
                    System.arraycopy(Narrow.scales4(values, rows), 0, scales, 0, scales.length);
                    return Narrow.int4(values, scales, rows);
                }),
                new Part(scale(weight.name()), ElementType.BF16, List.of((long) rows, groups, 2L),
                        () -> Narrow.bfloat16(scales)));
    }

    /** Whole numbers, then the scales that were found while those were made. */
    private Stream<Part> quantised() {
        int rows = Math.toIntExact(weight.shape().get(0));
        float[] scales = new float[rows];
        return Stream.of(
                new Part(weight.name(), ElementType.I8, weight.shape(), () -> {
                    float[] values = elements.get();
                    System.arraycopy(Narrow.scales(values, rows), 0, scales, 0, rows);
                    return Narrow.int8(values, scales);
                }),
                new Part(scale(weight.name()), ElementType.BF16, List.of((long) rows), () -> Narrow.bfloat16(scales)));
    }
}
