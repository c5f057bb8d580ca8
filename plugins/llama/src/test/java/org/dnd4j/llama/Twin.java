package org.dnd4j.llama;

import java.util.function.Function;

/** The forward pass in plain Java and float64, written from REFERENCE B.1 and B.2 alone. */
record Twin(int d, int layers, int heads, Llama.Condition condition, Function<String, float[]> weights) {

    /** All layers and norm 0 for {@code [b,t,d]} numbers; {@code places} is {@code [t,2]}. */
    double[] run(float[] input, int t, long[] places) {
        double[] out = new double[input.length];
        for (int b = 0; b < input.length / (t * d); b++) {
            double[][] h = new double[t][d];
            for (int i = 0; i < t * d; i++) {
                h[i / d][i % d] = input[b * t * d + i];
            }
            for (int l = 0; l < layers; l++) {
                layer(h, "layers." + l + ".", places);
            }
            for (int i = 0; i < t; i++) {
                System.arraycopy(norm(h[i], "norm.0.weight"), 0, out, (b * t + i) * d, d);
            }
        }
        return out;
    }

    private void layer(double[][] h, String layer, long[] places) {
        int t = h.length;
        int size = d / heads;
        double[][] qkv = new double[t][];
        for (int i = 0; i < t; i++) {
            qkv[i] = product(norm(h[i], layer + "attention_norm.weight"), layer + "attention.wqkv.weight");
            for (int part = 0; part < 2 * heads; part++) {
                rotate(qkv[i], part * size, size, places[2 * i], places[2 * i + 1]);
            }
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
            add(h[i], product(mixed, layer + "attention.wo.weight"));
        }
        for (int i = 0; i < t; i++) {
            double[] x = norm(h[i], layer + "ffn_norm.weight");
            double[] gate = product(x, layer + "feed_forward.w1.weight");
            double[] up = product(x, layer + "feed_forward.w3.weight");
            for (int c = 0; c < gate.length; c++) {
                up[c] *= gate[c] / (1 + Math.exp(-gate[c]));
            }
            add(h[i], product(up, layer + "feed_forward.w2.weight"));
        }
    }

    /** Turns the pairs (2i, 2i+1); the first half of the pairs by the row, the second by the column. */
    private void rotate(double[] x, int at, int size, long row, long column) {
        int half = size / 2;
        for (int i = 0; i < half; i++) {
            int j = i % (half / 2);
            double angle = (i < half / 2 ? row : column) * Math.pow(10000, -2.0 * j / half);
            double cos = row >= 0 ? Math.cos(angle) : condition == Llama.Condition.ZERO ? 0 : 1;
            double sin = row >= 0 ? Math.sin(angle) : 0;
            double a = x[at + 2 * i];
            double b = x[at + 2 * i + 1];
            x[at + 2 * i] = a * cos - b * sin;
            x[at + 2 * i + 1] = b * cos + a * sin;
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

    private static void add(double[] x, double[] y) {
        for (int c = 0; c < x.length; c++) {
            x[c] += y[c];
        }
    }
}
