package org.dnd4j.rqvae;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.dnd4j.spi.Autoencoder;
import org.dnd4j.spi.Plugin;
import org.dnd4j.spi.UserError;
import org.dnd4j.torch.Precision;
import org.dnd4j.torch.Program;
import org.dnd4j.torch.Weight;
import org.dnd4j.torch.Weights;

/**
 * RQ-VAE's convolutional network under its published names (REFERENCE A.1); what is not given is as in the published
 * tokenizer for 256×256 images with a factor of 16. In bfloat16 the convolutions run in bfloat16, channels last.
 *
 * @param channels ch, the width of the first convolution; a multiple of 32; 128
 * @param multipliers of {@code channels}, one per level; each level but the last halves the sides; [1, 1, 2, 2, 4]
 * @param blocks residual blocks per level, one more in the decoder; 2
 * @param attention resolutions with attention behind each block, in terms of {@code resolution}; [16]
 * @param middle what stands between encoder's last and decoder's first level; attention
 * @param resolution the side of images that {@code attention} is meant for; others work too; 256
 * @param latent z_channels, the channels at the lowest level's end; 256
 * @param embed embed_dim, the channels of the latent grid; 256
 * @param blockSide s: s×s latents are stacked into one vector, by row, column and channel (REFERENCE A.2); 1
 * @param unit whether each vector of the grid is brought to length 1, for codes that are directions (REFERENCE D.2); false
 * @param patch p: each p×p pixels become the channels of one place before the first convolution; 1
 * @param skip whether a linear map from patches to latents, and one back, run beside the network; false
 * @param norm what activations are normalised over; group
 * @param gain factor on the spread of kernels at the start; 1
 */
@Plugin("rqvae")
public record RqVae(
        Integer channels,
        List<Integer> multipliers,
        Integer blocks,
        List<Integer> attention,
        Middle middle,
        Integer resolution,
        Integer latent,
        Integer embed,
        Integer blockSide,
        Boolean unit,
        Integer patch,
        Boolean skip,
        Norm norm,
        Double gain)
        implements Autoencoder {

    /** The lowest level's own blocks. */
    public enum Middle {
        /** A residual block, attention, a residual block: as published. */
        ATTENTION,
        /** Two residual blocks. */
        PLAIN,
        /** Nothing. */
        NONE
    }

    /** Over which numbers activations are brought to mean 0 and variance 1. */
    public enum Norm {
        /** Each of 32 groups of channels over the whole image: as published. Every latent then depends on all of it. */
        GROUP,
        /** All channels of one place: what is far away leaves no trace in a latent. */
        PLACE
    }

    static final Program PROGRAM = Program.of(RqVae.class, "rqvae.py");

    public RqVae {
        channels = Objects.requireNonNullElse(channels, 128);
        multipliers = List.copyOf(Objects.requireNonNullElse(multipliers, List.of(1, 1, 2, 2, 4)));
        blocks = Objects.requireNonNullElse(blocks, 2);
        attention = List.copyOf(Objects.requireNonNullElse(attention, List.of(16)));
        middle = Objects.requireNonNullElse(middle, Middle.ATTENTION);
        resolution = Objects.requireNonNullElse(resolution, 256);
        latent = Objects.requireNonNullElse(latent, 256);
        embed = Objects.requireNonNullElse(embed, 256);
        blockSide = Objects.requireNonNullElse(blockSide, 1);
        unit = Objects.requireNonNullElse(unit, false);
        patch = Objects.requireNonNullElse(patch, 1);
        skip = Objects.requireNonNullElse(skip, false);
        norm = Objects.requireNonNullElse(norm, Norm.GROUP);
        gain = Objects.requireNonNullElse(gain, 1.0);
        positive("latent", latent);
        positive("embed", embed);
        positive("blockSide", blockSide);
        positive("patch", patch);
        positive("blocks", blocks);
        positive("resolution", resolution);
        if (multipliers.isEmpty() || multipliers.size() > 16) {
            throw new UserError("multipliers " + multipliers + ": one per level, 1 to 16 levels");
        }
        for (int m : multipliers) {
            if (m < 1 || channels < 1 || channels % 32 != 0) {
                throw new UserError("channels " + channels + " × multiplier " + m
                        + ": channels must be a multiple of 32 (group norms have 32 groups) and multipliers at least 1");
            }
        }
        if (!(gain > 0 && gain < 100)) {
            throw new UserError("gain " + gain + ": must be more than 0 and less than 100");
        }
    }

    private static void positive(String field, int value) {
        if (value < 1) {
            throw new UserError(field + " " + value + ": must be at least 1");
        }
    }

    @Override
    public int factor() {
        return stride() * blockSide;
    }

    @Override
    public int width() {
        return embed * blockSide * blockSide;
    }

    @Override
    public List<Weight> weights() {
        return Stream.concat(encoder().weights().stream(), decoder().weights().stream()).toList();
    }

    @Override
    public String lastLayer() {
        return "decoder.conv_out.weight";
    }

    @Override
    public NDArray encode(NDArray images, Weights w) {
        long h = images.getShape().get(2);
        long n = images.getShape().get(3);
        if (h % factor() != 0 || n % factor() != 0 || h == 0 || n == 0) {
            throw new UserError("image of " + n + "×" + h + " pixels: rqvae makes one latent of " + factor() + "×" + factor()
                    + " pixels, so both sides must be multiples of " + factor());
        }
        NDArray latents = run("encode", images, encoder(), w); // [b,h,w,c]
        return unit ? w.run(PROGRAM, "unit", latents) : latents;
    }

    @Override
    public NDArray decode(NDArray latents, Weights w) {
        return run("decode", latents, decoder(), w); // [b,3,s,t]
    }

    private NDArray run(String method, NDArray x, Network network, Weights w) {
        boolean half = w.precision() != Precision.FLOAT32;
        boolean near = norm == Norm.PLACE;
        return w.run(
                PROGRAM, method, x, network.plan(), w.group(network.names()), half, near, patch, skip ? stride() : 0, blockSide);
    }

    /** Pixels per place of the network's own grid. */
    private int stride() {
        return patch << multipliers.size() - 1;
    }

    private int channels(int level) {
        return channels * multipliers.get(level);
    }

    private boolean attends(int level) {
        return attention.contains(resolution / patch >> level);
    }

    private Network encoder() {
        Network net = new Network(gain);
        int last = multipliers.size() - 1;
        net.conv("quant_conv", latent, embed, 1);
        if (skip) {
            net.conv("encoder.skip", 3 * stride() * stride(), embed, 1);
        }
        net.conv("encoder.conv_in", 3 * patch * patch, channels, 3);
        int in = channels;
        for (int i = 0; i <= last; i++) {
            String level = "encoder.down." + i;
            in = level(net, level, i, in, blocks);
            if (i < last) {
                net.down(level, in);
            }
        }
        middle(net, "encoder.mid", in);
        net.norm("encoder.norm_out", in);
        net.conv("encoder.conv_out", in, latent, 3);
        return net;
    }

    private Network decoder() {
        Network net = new Network(gain);
        int last = multipliers.size() - 1;
        net.conv("post_quant_conv", embed, latent, 1);
        if (skip) {
            net.conv("decoder.skip", embed, 3 * stride() * stride(), 1);
        }
        net.conv("decoder.conv_in", latent, channels(last), 3);
        middle(net, "decoder.mid", channels(last));
        int in = channels(last);
        for (int i = last; i >= 0; i--) {
            String level = "decoder.up." + i;
            in = level(net, level, i, in, blocks + 1);
            if (i > 0) {
                net.up(level, in);
            }
        }
        net.norm("decoder.norm_out", in);
        net.conv("decoder.conv_out", in, 3 * patch * patch, 3);
        return net;
    }

    private int level(Network net, String name, int level, int in, int count) {
        for (int j = 0; j < count; j++) {
            net.resnet(name + ".block." + j, j == 0 ? in : channels(level), channels(level));
            if (attends(level)) {
                net.attention(name + ".attn." + j, channels(level));
            }
        }
        return channels(level);
    }

    private void middle(Network net, String name, int width) {
        if (middle != Middle.NONE) {
            net.resnet(name + ".block_1", width, width);
            if (middle == Middle.ATTENTION) {
                net.attention(name + ".attn_1", width);
            }
            net.resnet(name + ".block_2", width, width);
        }
    }
}
