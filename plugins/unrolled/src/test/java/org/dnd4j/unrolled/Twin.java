package org.dnd4j.unrolled;

import java.util.function.Function;

/** One picture's forward pass in plain Java and float64: a token for the class and each code but the last. */
record Twin(int d, int layers, int heads, int depth, Function<String, float[]> weights) {

    /** The logits of every code in turn; {@code codes} holds a picture's S·D. */
    double[][] logits(int label, long[] codes) {
        double[][] h = new double[codes.length][];
        for (int t = 0; t < codes.length; t++) {
            h[t] = t == 0
                    ? row("classes.weight", label)
                    : row("codes." + (t - 1) % depth + ".weight", (int) codes[t - 1]);
            add(h[t], row("positions.weight", t / depth));
            add(h[t], row("depths.weight", t % depth));
        }
        for (int l = 0; l < layers; l++) {
            layer(h, "layers." + l + ".");
        }
        double[][] logits = new double[codes.length][];
        for (int t = 0; t < codes.length; t++) {
            logits[t] = product(norm(h[t], "norm.weight"), "output." + t % depth + ".weight");
        }
        return logits;
    }

    private void layer(double[][] h, String layer) {
        int size = d / heads;
        double[][] qkv = new double[h.length][];
        for (int t = 0; t < h.length; t++) {
            qkv[t] = product(norm(h[t], layer + "attention_norm.weight"), layer + "attention.wqkv.weight");
        }
        for (int t = 0; t < h.length; t++) {
            double[] mixed = new double[d];
            for (int head = 0; head < heads; head++) {
                double[] p = new double[t + 1];
                double sum = 0;
                for (int s = 0; s <= t; s++) {
                    double dot = 0;
                    for (int c = head * size; c < (head + 1) * size; c++) {
                        dot += qkv[t][c] * qkv[s][d + c];
                    }
                    p[s] = Math.exp(dot / Math.sqrt(size));
                    sum += p[s];
                }
                for (int s = 0; s <= t; s++) {
                    for (int c = head * size; c < (head + 1) * size; c++) {
                        mixed[c] += p[s] / sum * qkv[s][2 * d + c];
                    }
                }
            }
            add(h[t], product(mixed, layer + "attention.wo.weight"));
        }
        for (double[] token : h) {
            double[] x = norm(token, layer + "ffn_norm.weight");
            double[] gate = product(x, layer + "feed_forward.w1.weight");
            double[] up = product(x, layer + "feed_forward.w3.weight");
            for (int c = 0; c < gate.length; c++) {
                up[c] *= gate[c] / (1 + Math.exp(-gate[c]));
            }
            add(token, product(up, layer + "feed_forward.w2.weight"));
        }
    }

    private double[] norm(double[] x, String name) {
        double squares = 0;
        for (double v : x) {
            squares += v * v;
        }
        double[] y = x.clone();
        for (int c = 0; c < d; c++) {
            y[c] *= weights.apply(name)[c] / Math.sqrt(squares / d + 1e-5);
        }
        return y;
    }

    private double[] product(double[] x, String name) {
        float[] w = weights.apply(name);
        double[] y = new double[w.length / x.length];
        for (int o = 0; o < y.length; o++) {
            for (int i = 0; i < x.length; i++) {
                y[o] += w[o * x.length + i] * x[i];
            }
        }
        return y;
    }

    private double[] row(String table, int row) {
        float[] w = weights.apply(table);
        double[] x = new double[d];
        for (int c = 0; c < d; c++) {
            x[c] = w[row * d + c];
        }
        return x;
    }

    private static void add(double[] x, double[] y) {
        for (int c = 0; c < x.length; c++) {
            x[c] += y[c];
        }
    }
}
