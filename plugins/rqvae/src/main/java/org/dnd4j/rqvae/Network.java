package org.dnd4j.rqvae;

import java.util.ArrayList;
import java.util.List;
import org.dnd4j.torch.Weight;

/** One half of the autoencoder written down: its weights in the order in which the program meets them, and the plan. */
final class Network {
    private static final int RESNET = 0;
    private static final int ATTENTION = 1;
    private static final int DOWN = 2;
    private static final int UP = 3;

    private final double gain;
    private final List<Weight> weights = new ArrayList<>();
    private final List<Integer> plan = new ArrayList<>();

    Network(double gain) {
        this.gain = gain;
    }

    List<Weight> weights() {
        return weights;
    }

    List<String> names() {
        return weights.stream().map(Weight::name).toList();
    }

    long[] plan() {
        return plan.stream().mapToLong(n -> n).toArray();
    }

    /** A convolution with PyTorch's default start, U(±1/√fan_in), the kernel's times the gain. */
    void conv(String name, int in, int out, int kernel) {
        double bound = 1 / Math.sqrt((double) in * kernel * kernel);
        weights.add(Weight.of(name + ".weight", out, in, kernel, kernel).uniform(gain * bound));
        weights.add(Weight.of(name + ".bias", out).uniform(bound));
    }

    void norm(String name, int channels) {
        weights.add(Weight.of(name + ".weight", channels).constant(1));
        weights.add(Weight.of(name + ".bias", channels));
    }

    void resnet(String name, int in, int out) {
        plan.add(RESNET);
        norm(name + ".norm1", in);
        conv(name + ".conv1", in, out, 3);
        norm(name + ".norm2", out);
        conv(name + ".conv2", out, out, 3);
        if (in != out) {
            conv(name + ".nin_shortcut", in, out, 1);
        }
    }

    void attention(String name, int channels) {
        plan.add(ATTENTION);
        norm(name + ".norm", channels);
        for (String part : List.of("q", "k", "v", "proj_out")) {
            conv(name + "." + part, channels, channels, 1);
        }
    }

    void down(String name, int channels) {
        plan.add(DOWN);
        conv(name + ".downsample.conv", channels, channels, 3);
    }

    void up(String name, int channels) {
        plan.add(UP);
        conv(name + ".upsample.conv", channels, channels, 3);
    }
}
