package org.dnd4j.core.image;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.dnd4j.core.code.Quantizer.Quantized;
import org.dnd4j.core.code.Usage;
import org.dnd4j.torch.Program;
import org.dnd4j.torch.Scope;
import org.dnd4j.torch.Weights;

/** How well a tokenizer says images after one code, two codes, … D codes; adds up over batches. */
public final class Fidelity {
    private static final Program PROGRAM = Program.of(Fidelity.class, "fidelity.py");

    private final Tokenizer tokenizer;
    private final Weights w;
    private final Usage usage;
    private final double[] squares;
    private final double[] clipped;
    private final double[] psnr;
    private final double[] norms;
    private final double[] missed;
    private double all;
    private long pictures;

    /** Nothing measured yet. */
    public Fidelity(Tokenizer tokenizer, Weights w) {
        this.tokenizer = tokenizer;
        this.w = w;
        int depth = tokenizer.quantizer().space().depth();
        usage = new Usage(tokenizer.quantizer().space().sizes());
        squares = new double[depth];
        clipped = new double[depth];
        psnr = new double[depth];
        norms = new double[depth];
        missed = new double[depth];
    }

    /**
     * Reconstructs a batch and counts it in.
     *
     * @param images {@code [b,3,s,s]} in [−1, 1]
     */
    public void add(NDArray images) {
        try (Scope scope = w.torch().scope()) {
            NDArray x = images.duplicate(); // [b,3,s,s]
            x.attach(scope.manager());
            NDArray grid = tokenizer.latents(x, w); // [b,h,w,c]
            NDArray rows = grid.reshape(-1, grid.getShape().get(3)); // [n,c]
            Quantized q = tokenizer.quantizer().quantize(rows, w.at("quantizer"));
            usage.add(q.codes().toLongArray());
            all += rows.square().sum().toFloatArray()[0];
            long b = x.getShape().get(0);
            for (int k = 0; k < squares.length; k++) {
                NDArray made = tokenizer.images(q.decoded().get(k).reshape(grid.getShape()), w); // [b,3,s,s]
                NDList errors = w.call(PROGRAM, "errors", x, made);
                float[] ofClipped = errors.get(1).toFloatArray();
                missed[k] += rows.sub(q.decoded().get(k)).square().sum().toFloatArray()[0];
                squares[k] += sum(errors.get(0).toFloatArray());
                clipped[k] += sum(ofClipped);
                for (float e : ofClipped) {
                    psnr[k] += decibels(e);
                }
                norms[k] += w.run(PROGRAM, "norm", q.codewords().get(k)).toFloatArray()[0] * b;
            }
            pictures += b;
        }
    }

    private static double sum(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += value;
        }
        return sum;
    }

    /** From a mean squared error on [−1, 1], whose peak-to-peak is 2; 100 dB is the most that is told apart. */
    static double decibels(double error) {
        return Math.min(100, 10 * Math.log10(4 / error));
    }

    /** How many pictures were measured. */
    public long pictures() {
        return pictures;
    }

    /** By depth, the mean squared error over all elements on [−1, 1], before clipping. The paper's figure is probably three times this (REFERENCE A.3). */
    public List<Double> l2() {
        return means(squares);
    }

    /**
     * By depth, the peak signal-to-noise ratio in dB of each picture clipped to [−1, 1], averaged over pictures; the same
     * on the scale 0 to 255, where nothing is rounded.
     */
    public List<Double> psnr() {
        return means(psnr);
    }

    /** By depth, the same ratio of the mean squared error of all pictures together: never more than {@link #psnr}. */
    public List<Double> pooledPsnr() {
        return means(clipped).stream().map(Fidelity::decibels).toList();
    }

    /** By depth, the squared error of the latents as a share of their squares: Σ‖z − ẑ‖² / Σ‖z‖² (REFERENCE G.2). */
    public List<Double> latents() {
        return new ArrayList<>(Arrays.stream(missed).map(s -> s / all).boxed().toList());
    }

    /** By depth, the mean Euclidean norm of the codewords. */
    public List<Double> norms() {
        return means(norms);
    }

    /** Which codes occurred. */
    public Usage usage() {
        return usage;
    }

    private List<Double> means(double[] sums) {
        return new ArrayList<>(Arrays.stream(sums).map(s -> s / pictures).boxed().toList());
    }
}
