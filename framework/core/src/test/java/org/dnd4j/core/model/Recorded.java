package org.dnd4j.core.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.dnd4j.core.checkpoint.Container;
import org.dnd4j.core.checkpoint.Npy;
import org.dnd4j.core.checkpoint.Stored;
import org.dnd4j.llama.Llama;
import org.dnd4j.spi.CodeSpace;
import org.dnd4j.spi.Tap;
import org.dnd4j.torch.Precision;
import org.dnd4j.torch.Torch;
import org.dnd4j.torch.Weights;

/** Recorded runs of the reference (REFERENCE J), of those that ship inside for the verb {@code check}. */
public record Recorded(Path folder) {

    /** The case of that name. */
    public static Recorded of(String name) {
        try {
            return new Recorded(Path.of(Recorded.class.getResource("/check/" + name).toURI()));
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    public Stored array(String name) {
        return Npy.read(folder.resolve(name + ".npy"));
    }

    public boolean has(String name) {
        return Files.exists(folder.resolve(name + ".npy"));
    }

    /** An array of whole numbers on the device, int64. */
    public NDArray whole(String name, Torch torch) {
        Stored stored = array(name);
        return torch.manager().create(stored.longs(), new Shape(stored.shape()));
    }

    public float[] floats(String name) {
        return array(name).floats();
    }

    public Weights weights(Torch torch, DndTransformer model, String file, boolean training, Precision precision) {
        try (Container checkpoint = Container.open(folder.resolve(file))) {
            Map<String, Stored> tensors = checkpoint.tensors("model");
            return Weights.load(torch, model.weights(), precision, training, w -> tensors.get(w.name()).floats());
        }
    }

    /** The tiny transformers of the cases: 4 layers of 64 and 128 codes on a 4×4 grid. */
    public static DndTransformer tiny(List<Tap> taps, int classes, boolean nullClass, boolean tied) {
        Llama llama = new Llama(null, 64, 4, 4, null, 0., 0., 0., Llama.Condition.ZERO);
        CodeSpace space = CodeSpace.of(8, taps.size(), 128);
        return new DndTransformer(
                llama, taps, space, 4, 4, new Condition.Classes(classes, nullClass), DndTransformer.Embeddings.SHARED,
                tied, 0);
    }

    /** The paper's taps after these layers. */
    public static List<Tap> dnd(int... layers) {
        return IntStream.range(0, layers.length)
                .mapToObj(k -> new Tap(layers[k], k, k < layers.length - 1))
                .toList();
    }
}
