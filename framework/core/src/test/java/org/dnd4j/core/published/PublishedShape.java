package org.dnd4j.core.published;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;
import java.util.stream.Collectors;
import org.dnd4j.core.checkpoint.TorchSave;

/**
 * A DnD-Transformer with the names and shapes of a published one and weights drawn from a seed (REFERENCE B.1, C), as the
 * trainer's float32 checkpoint without optimizer and average: {@code {model, steps, args}}.
 *
 * @param name that the trainer called the size by, without {@code GPT-}
 * @param positions layers that heads stand after
 * @param grid side of the code grid; codes are of 16×16 pixels
 */
public record PublishedShape(
        String name, int layers, int dim, List<Integer> positions, int vocabulary, int classes, int grid, long seed) {
    /** GPT-XXL with 2 heads for ImageNet: 1 436 140 032 weights, a file of 5.7 GB. */
    public static final PublishedShape XXL = new PublishedShape("XXL", 48, 1536, List.of(39, 47), 16384, 1000, 16, 1);

    private static final double SPREAD = 0.02;
    private static final int MULTIPLE = 256;
    private static final int PIXELS = 16;

    /** Names and shapes, in the order of the file. */
    public Map<String, long[]> shapes() {
        int hidden = (8 * dim / 3 + MULTIPLE - 1) / MULTIPLE * MULTIPLE;
        Map<String, long[]> shapes = new LinkedHashMap<>();
        shapes.put("cls_embedding.embedding_table.weight", new long[] {classes + 1, dim});
        shapes.put("tok_embeddings.weight", new long[] {vocabulary, dim});
        for (int i = 0; i < layers; i++) {
            String layer = "layers." + i + ".";
            shapes.put(layer + "attention.wqkv.weight", new long[] {3 * dim, dim});
            shapes.put(layer + "attention.wo.weight", new long[] {dim, dim});
            shapes.put(layer + "feed_forward.w1.weight", new long[] {hidden, dim});
            shapes.put(layer + "feed_forward.w3.weight", new long[] {hidden, dim});
            shapes.put(layer + "feed_forward.w2.weight", new long[] {dim, hidden});
            shapes.put(layer + "attention_norm.weight", new long[] {dim});
            shapes.put(layer + "ffn_norm.weight", new long[] {dim});
        }
        for (int k = 0; k < positions.size(); k++) {
            shapes.put("norm." + k + ".weight", new long[] {dim});
        }
        for (int k = 0; k < positions.size(); k++) {
            shapes.put("output." + k + ".weight", new long[] {vocabulary, dim});
        }
        return shapes;
    }

    /** All elements of one array, which no other array's depend on: normal, those of norms around 1. */
    public float[] values(String name) {
        float[] values = new float[Math.toIntExact(Arrays.stream(shapes().get(name)).reduce(1, Math::multiplyExact))];
        DoubleSupplier drawn = drawn(name);
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) drawn.getAsDouble();
        }
        return values;
    }

    private DoubleSupplier drawn(String name) {
        SplittableRandom random = new SplittableRandom(seed * 1_000_003 + name.hashCode());
        double middle = name.contains("norm") ? 1 : 0;
        return () -> middle + SPREAD * random.nextGaussian();
    }

    /** What the training was called with, as far as an importer may ask. */
    public Map<String, Object> args() {
        Map<String, Object> args = new LinkedHashMap<>();
        args.put("gpt_model", "GPT-" + name);
        args.put("gpt_type", "c2i");
        args.put("vocab_size", vocabulary);
        args.put("ema", false);
        args.put("cls_token_num", 1);
        args.put("dropout_p", 0.1);
        args.put("token_dropout_p", 0.1);
        args.put("drop_path_rate", 0.0);
        args.put("image_size", PIXELS * grid);
        args.put("downsample_size", PIXELS);
        args.put("num_classes", classes);
        args.put("num_pred_heads", positions.size());
        args.put("class_dropout_prob", 0.1);
        args.put("train_code_depth", positions.size());
        args.put("pred_head_positions", positions.stream().map(String::valueOf).collect(Collectors.joining(",")));
        args.put("share_prediction_heads", false);
        args.put("gpt_ckpt", null);
        return args;
    }

    /** Writes the file; takes little memory whatever its size. */
    public void write(Path file) {
        Map<String, TorchSave.Tensor> model = new LinkedHashMap<>();
        shapes().forEach((weight, shape) -> model.put(weight, new TorchSave.Tensor(shape, () -> drawn(weight))));
        Map<String, Object> content = new LinkedHashMap<>();
        content.put("model", new TorchSave.State(model));
        content.put("steps", 250_000);
        content.put("args", new TorchSave.Namespace(args()));
        TorchSave.write(file, content);
    }
}
