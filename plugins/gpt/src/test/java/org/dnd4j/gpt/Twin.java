package org.dnd4j.gpt;

import java.util.function.Function;

/** The forward pass in plain Java and float64, written from the paper and the published names alone. */
record Twin(int d, int layers, int heads, Function<String, float[]> weights) {

    /** All layers and norm 0 for {@code [b,t,d]} numbers. */
    double[] run(float[] input, int t) {
        double[] out = new double[input.length];
        float[] places = weights.apply("wpe.weight");
        for (int b = 0; b < input.length / (t * d); b++) {
            double[][] h = new double[t][d];
            for (int i = 0; i < t * d; i++) {
                h[i / d][i % d] = (double) input[b * t * d + i] + places[i];
            }
            for (int l = 0; l < layers; l++) {
                layer(h, "h." + l + ".");
            }
            for (int i = 0; i < t; i++) {
                System.arraycopy(norm(h[i], "ln_f.0"), 0, out, (b * t + i) * d, d);
            }
        }
        return out;
    }

    private void layer(double[][] h, String layer) {
        int t = h.length;
        int size = d / heads;
        double[][] qkv = new double[t][];
        for (int i = 0; i < t; i++) {
            qkv[i] = affine(norm(h[i], layer + "ln_1"), layer + "attn.c_attn");
        }
        for (int i = 0; i < t; i++) {
            double[] mixed = new double[d];
            for (int head = 0; head < heads; head++) {
                double[] p = new double[i + 1];
                double sum = 0;
                for (int j = 0; j <= i; j++) {
                    double dot = 0;
                    for (int c = head * size; c < (head + 1) * size; c++) {
                        dot += qkv[i][c] * qkv[j][d + c];
                    }
                    p[j] = Math.exp(dot / Math.sqrt(size));
                    sum += p[j];
                }
                for (int j = 0; j <= i; j++) {
                    for (int c = head * size; c < (head + 1) * size; c++) {
                        mixed[c] += p[j] / sum * qkv[j][2 * d + c];
                    }
                }
            }
            add(h[i], affine(mixed, layer + "attn.c_proj"));
        }
        for (int i = 0; i < t; i++) {
            double[] x = affine(norm(h[i], layer + "ln_2"), layer + "mlp.c_fc");
            for (int c = 0; c < x.length; c++) {
                x[c] *= 0.5 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x[c] + 0.044715 * x[c] * x[c] * x[c])));
            }
            add(h[i], affine(x, layer + "mlp.c_proj"));
        }
    }

    private double[] norm(double[] x, String name) {
        double mean = 0;
        for (double v : x) {
            mean += v / d;
        }
        double variance = 0;
        for (double v : x) {
            variance += (v - mean) * (v - mean) / d;
        }
        double[] y = new double[d];
        for (int c = 0; c < d; c++) {
            y[c] = (x[c] - mean) / Math.sqrt(variance + 1e-5) * weights.apply(name + ".weight")[c];
            y[c] += weights.apply(name + ".bias")[c];
        }
        return y;
    }

    private double[] affine(double[] x, String name) {
        float[] w = weights.apply(name + ".weight");
        float[] bias = weights.apply(name + ".bias");
        double[] y = new double[bias.length];
        for (int o = 0; o < y.length; o++) {
            y[o] = bias[o];
            for (int i = 0; i < x.length; i++) {
                y[o] += w[o * x.length + i] * x[i];
            }
        }
        return y;
    }

    private static void add(double[] x, double[] y) {
        for (int c = 0; c < x.length; c++) {
            x[c] += y[c];
        }
    }
}
