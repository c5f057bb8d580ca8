package org.dnd4j.rqvae;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.dnd4j.torch.Precision;
import org.dnd4j.torch.Scope;
import org.dnd4j.torch.Torch;
import org.dnd4j.torch.Weight;
import org.dnd4j.torch.Weights;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against what the reference implementation computed: fixtures v_rqvae_shared_d4 and vc_rqvae_space_to_depth. */
class ReferenceTest {
    private static final RqVae TINY =
            new RqVae(32, List.of(2, 1), 1, List.of(8), RqVae.Middle.ATTENTION, 16, 16, 8, 1, false, 1, false,
                    RqVae.Norm.GROUP, 1.0);
    private static final Map<String, float[]> REFERENCE = read();

    private Torch torch;

    @BeforeEach
    void open() {
        torch = Torch.open("cpu");
    }

    @AfterEach
    void close() {
        torch.close();
    }

    /** Repeated: name, number of elements, elements. */
    private static Map<String, float[]> read() {
        Map<String, float[]> arrays = new LinkedHashMap<>();
        try (DataInputStream in =
                new DataInputStream(new BufferedInputStream(ReferenceTest.class.getResourceAsStream("/reference.bin")))) {
            while (true) {
                in.mark(1);
                if (in.read() < 0) {
                    return arrays;
                }
                in.reset();
                String name = in.readUTF();
                float[] values = new float[in.readInt()];
                for (int i = 0; i < values.length; i++) {
                    values[i] = in.readFloat();
                }
                arrays.put(name, values);
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private Weights weights(Precision precision, boolean training) {
        return Weights.load(torch, TINY.weights(), precision, training, w -> REFERENCE.get(w.name()));
    }

    private NDArray array(String name, long... shape) {
        return torch.manager().create(REFERENCE.get(name), new Shape(shape));
    }

    private static void near(String name, NDArray seen, double atol, double rtol) {
        float[] expected = REFERENCE.get(name);
        float[] values = seen.toFloatArray();
        assertEquals(expected.length, values.length, name);
        for (int i = 0; i < values.length; i++) {
            assertEquals(expected[i], values[i], atol + rtol * Math.abs(expected[i]), name + " at " + i);
        }
    }

    @Test
    void weightsHaveThePublishedNames() {
        assertEquals(
                REFERENCE.keySet().stream().filter(n -> n.contains("coder.") || n.startsWith("quant_") || n.startsWith("post_"))
                        .sorted().toList(),
                TINY.weights().stream().map(Weight::name).sorted().collect(Collectors.toList()));
    }

    @ParameterizedTest
    @CsvSource({"FLOAT32,1e-4", "BFLOAT16,0.05"})
    void imagesBecomeLatentsAndLatentsImages(Precision precision, double tolerance) {
        Weights w = weights(precision, false);
        try (Scope step = torch.scope()) {
            near("z_e", TINY.encode(array("image", 2, 3, 16, 16), w), tolerance, tolerance);
            near("recon", TINY.decode(array("z_q", 2, 8, 8, 8), w), tolerance, tolerance);
        }
    }

    @Test
    void gradientsFlowAsInTheReference() {
        Weights w = weights(Precision.FLOAT32, true);
        try (Scope step = torch.scope();
                Torch.Tape tape = torch.record()) {
            NDArray image = array("image", 2, 3, 16, 16);
            NDArray z = TINY.encode(image, w); // [2,8,8,8]
            NDArray zq = array("z_q", 2, 8, 8, 8);
            NDArray prefixes = array("code_emb_with_depth", 2, 8, 8, 4, 8).cumSum(3); // [2,8,8,4,8]
            NDArray decoded = TINY.decode(z.add(zq.sub(z).stopGradient()), w);
            NDArray loss = decoded.sub(image).square().mean()
                    .add(z.expandDims(3).sub(prefixes).square().mean().mul(step.manager().full(new Shape(), 0.25f)));
            assertEquals(REFERENCE.get("loss_total")[0], loss.getFloat(), 1e-4);
            List<String> names = List.of(
                    "encoder.conv_in.weight", "quant_conv.weight", "post_quant_conv.weight", "decoder.conv_out.weight");
            NDList g = torch.gradients(loss, names.stream().map(w::get).toList());
            for (int i = 0; i < names.size(); i++) {
                near("grad__" + names.get(i).replace('.', '_'), g.get(i), 1e-5, 1e-3);
            }
        }
    }

    @Test
    void latentsAreStackedByRowColumnAndChannel() {
        try (Scope step = torch.scope()) {
            Weights none = Weights.load(torch, List.of(), Precision.FLOAT32, false, w -> null);
            NDArray z = array("stacked.z_e", 2, 8, 8, 4);
            NDArray stacked = none.run(RqVae.PROGRAM, "stack", z, 2); // [2,4,4,16]
            near("stacked.to_code_shape", stacked, 0, 0);
            near("stacked.z_e", none.run(RqVae.PROGRAM, "unstack", stacked, 2), 0, 0);
        }
    }
}
