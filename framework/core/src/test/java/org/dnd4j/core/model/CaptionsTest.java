package org.dnd4j.core.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.dnd4j.core.sample.Generation;
import org.dnd4j.core.sample.Sampling;
import org.dnd4j.gpt.Gpt;
import org.dnd4j.llama.Llama;
import org.dnd4j.spi.Backbone;
import org.dnd4j.spi.CodeSpace;
import org.dnd4j.spi.Pass;
import org.dnd4j.spi.Tap;
import org.dnd4j.spi.UserError;
import org.dnd4j.torch.Key;
import org.dnd4j.torch.Precision;
import org.dnd4j.torch.Torch;
import org.dnd4j.torch.Weight;
import org.dnd4j.torch.Weights;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Pictures of captions by several heads, which the reference cannot do: the same walks written down by hand. */
@ParameterizedClass
@MethodSource("backbones")
class CaptionsTest {
    private static final int TOKENS = 3;
    private static final int WIDTH = 5;
    private static final int PICTURES = 2;

    private final DndTransformer model;
    private Torch torch;
    private Weights w;

    CaptionsTest(Backbone backbone) {
        model = new DndTransformer(
                backbone,
                List.of(new Tap(0, 0, true), new Tap(1, 1, false)),
                new CodeSpace(4, List.of(5, 4)),
                2,
                2,
                new Condition.Captions(TOKENS, WIDTH),
                DndTransformer.Embeddings.PER_DEPTH,
                false,
                0);
    }

    static Stream<Backbone> backbones() {
        return Stream.of(
                new Llama(null, 16, 2, 2, 8, 0., 0., 0., Llama.Condition.ZERO), new Gpt(null, 16, 2, 2, 0., 0.));
    }

    @BeforeEach
    void open() {
        torch = Torch.open("cpu");
        w = weights(false);
    }

    @AfterEach
    void close() {
        torch.close();
    }

    private NDArray numbers(long seed, long... shape) {
        Shape s = new Shape(shape);
        Random random = new Random(seed);
        float[] values = new float[(int) s.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return torch.manager().create(values, s);
    }

    /** The first picture's first token is padding; the second picture is of no caption. */
    private Given.Captions given(NDArray features) {
        boolean[] present = {false, true, true, true, true, true};
        return new Given.Captions(
                features,
                torch.manager().create(present, new Shape(PICTURES, TOKENS)),
                torch.manager().create(new boolean[] {false, true}));
    }

    private NDArray codes() {
        long[] codes = new Random(5).longs(PICTURES * 4 * 2, 0, 4).toArray();
        return torch.manager().create(codes, new Shape(PICTURES, 4, 2)); // [b,S,D]
    }

    /** Logits of both heads, layer by layer, from tokens that are made here. */
    private NDList byHand(NDArray features, NDArray codes, Weights plain) {
        NDArray none = plain.get("cls_embedding.uncond_embedding").expandDims(0); // [1,C,width]
        NDArray asked = NDArrays.concat(new NDList(features.get(":1"), none)); // [b,C,width]
        NDArray x = asked.matMul(plain.get("cls_embedding.cap_proj.fc1.weight").transpose()); // [b,C,d]
        NDArray gelu = x.mul(0.5).mul(x.pow(3).mul(0.044715).add(x).mul(Math.sqrt(2 / Math.PI)).tanh().add(1));
        NDArray condition = gelu.matMul(plain.get("cls_embedding.cap_proj.fc2.weight").transpose()); // [b,C,d]
        NDArray first = plain.get("tok_embeddings.0.weight").get(codes.get(":,:,0")); // [b,S,d]
        NDArray second = plain.get("tok_embeddings.1.weight").get(codes.get(":,:,1")); // [b,S,d]
        NDArray h = NDArrays.concat(new NDList(condition, first.add(second).get(":,:3")), 1); // [b,C+S−1,d]
        long[] places = {-1, -1, -1, -1, -1, -1, 0, 0, 0, 1, 1, 0};
        boolean[] open = {false, true, true, true, true, true, true, true, true, true, true, true};
        Backbone backbone = model.backbone();
        NDList state = backbone.prepare(torch.manager().create(places, new Shape(6, 2)), 0, plain);
        NDArray mask = torch.manager().create(open, new Shape(PICTURES, 6)); // [b,s]
        Pass pass = new Pass(0, false, mask, state, false, Key.of(0), plain);
        h = backbone.run(h, 0, 1, pass);
        NDArray one = head(backbone, h, 0, pass, plain);
        NDArray fed = NDArrays.concat(new NDList(torch.manager().zeros(new Shape(PICTURES, 2, 16)), first), 1);
        h = backbone.run(h.add(fed), 1, 2, pass);
        return new NDList(one, head(backbone, h, 1, pass, plain));
    }

    private static NDArray head(Backbone backbone, NDArray h, int k, Pass pass, Weights plain) {
        NDArray normed = backbone.norm(h, k, pass).get(":,2:"); // [b,S,d]
        return normed.matMul(plain.get("output." + k + ".weight").transpose()); // [b,S,K]
    }

    /** The same weights every time; to be trained they are plain arrays. */
    private Weights weights(boolean training) {
        List<Weight> declared = model.weights().stream()
                .map(d -> d.name().matches(".*(norm|ln_).*") ? d : d.normal(0.4))
                .toList();
        return Weights.start(torch, declared, Precision.FLOAT32, training, Key.of(3));
    }

    @Test
    void codesAreFedBackOnlyWherePositionsArePredicted() {
        NDArray features = numbers(1, PICTURES, TOKENS, WIDTH);
        NDList expected = byHand(features, codes(), weights(true));
        NDList seen = model.logits(given(features), codes(), false, Key.of(0), w);
        for (int k = 0; k < 2; k++) {
            assertArrayEquals(expected.get(k).toFloatArray(), seen.get(k).toFloatArray(), 1e-4f);
        }
    }

    /** Greedy codes, with guidance and without, are the most probable ones under teacher forcing on them. */
    @Test
    void decodingThroughTheCacheSaysWhatTeacherForcingSays() {
        NDArray features = numbers(1, PICTURES, TOKENS, WIDTH);
        Given.Captions given = given(features);
        for (double guidance : new double[] {1, 2}) {
            NDArray codes = new Generation(model, Sampling.greedy(guidance), w)
                    .codes(given, Generation.keys(0, 0, PICTURES), p -> {})
                    .reshape(PICTURES, 4, 2);
            NDList logits = model.logits(given, codes, false, Key.of(0), w);
            Given.Captions none = new Given.Captions(features, given.present(), given.withheld().onesLike());
            NDList without = model.logits(none, codes, false, Key.of(0), w);
            for (int k = 0; k < 2; k++) {
                NDArray guided = without.get(k).add(logits.get(k).sub(without.get(k)).mul(guidance)); // [b,S,K]
                assertArrayEquals(codes.get(":,:," + k).toLongArray(), guided.argMax(2).toLongArray());
            }
        }
    }

    @Test
    void paddingAndCaptionsThatAreWithheldLeaveNoTrace() {
        NDArray features = numbers(1, PICTURES, TOKENS, WIDTH);
        NDArray others = numbers(2, PICTURES, TOKENS, WIDTH);
        NDArray mixed = features.duplicate();
        mixed.set(new NDIndex("0,0"), others.get("0,0")); // padding
        mixed.set(new NDIndex("1"), others.get("1")); // withheld
        NDArray seen = NDArrays.concat(model.logits(given(features), codes(), false, Key.of(0), w), 2);
        NDArray again = NDArrays.concat(model.logits(given(mixed), codes(), false, Key.of(0), w), 2);
        assertArrayEquals(seen.toFloatArray(), again.toFloatArray());
    }

    @Test
    void onlyPicturesThatAreValidCount() {
        NDArray features = numbers(1, PICTURES, TOKENS, WIDTH);
        NDList logits = model.logits(given(features), codes(), false, Key.of(0), w);
        NDList first = new NDList(logits.get(0).get(":1"), logits.get(1).get(":1"));
        float[] alone = floats(model.loss(first, codes().get(":1"), w));
        NDArray valid = torch.manager().create(new boolean[] {true, false});
        assertArrayEquals(alone, floats(model.loss(logits, codes(), valid, w)), 1e-6f);
        NDArray nothing = torch.manager().create(new boolean[] {false, false});
        assertArrayEquals(new float[5], floats(model.loss(logits, codes(), nothing, w)));
    }

    private static float[] floats(NDList scalars) {
        float[] floats = new float[scalars.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = scalars.get(i).toFloatArray()[0];
        }
        return floats;
    }

    @Test
    void whatTheModelIsNotAskedByIsRefused() {
        Generation generation = new Generation(model, Sampling.greedy(1), w);
        assertEquals("this model draws pictures of captions, not of classes",
                assertThrows(UserError.class, () -> generation.given(new int[] {0})).getMessage());
        assertEquals("captions of 0 tokens × 8 features: both must be at least 1",
                assertThrows(UserError.class, () -> new Condition.Captions(0, 8)).getMessage());
        assertEquals(List.of(1, 3), Arrays.asList(new Condition.Classes(4, true).tokens(), model.condition().tokens()));
    }
}
