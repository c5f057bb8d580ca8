package org.dnd4j.core.experiment;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.dnd4j.core.code.CodebookLearning;
import org.dnd4j.core.code.Quantizer;
import org.dnd4j.core.image.Dataset;
import org.dnd4j.core.image.Picture;
import org.dnd4j.core.image.Tokenizer;
import org.dnd4j.core.model.CodeModel;
import org.dnd4j.core.model.Competitor;
import org.dnd4j.core.model.Condition;
import org.dnd4j.core.model.DndTransformer;
import org.dnd4j.core.sample.Sampling;
import org.dnd4j.core.train.Training;
import org.dnd4j.spi.Autoencoder;
import org.dnd4j.spi.Backbone;
import org.dnd4j.spi.CodeSpace;
import org.dnd4j.spi.Decomposition;
import org.dnd4j.spi.Generator;
import org.dnd4j.spi.HeadTopology;
import org.dnd4j.spi.Tap;
import org.dnd4j.spi.UserError;
import org.dnd4j.torch.Precision;

/**
 * Everything that changes a number: one JSON file, one record tree, and the header of every checkpoint made with it.
 *
 * @param name of the experiment, and of its run unless another is given; letters, digits, {@code . _ -}
 * @param seed every random draw follows from it
 * @param seeds of single stages, where theirs is another; null for none
 * @param data the pictures; absent where a model was imported and nobody gave any
 * @param side pixels along an edge of every picture; needed where there are no data, which say it
 * @param tokenizer pictures to codes and back
 * @param transformer what learns the codes; absent where there is a tokenizer alone
 * @param sampling how new codes are drawn
 */
public record Experiment(
        String name,
        Long seed,
        Seeds seeds,
        Dataset data,
        Integer side,
        TokenizerPlan tokenizer,
        TransformerPlan transformer,
        SamplingPlan sampling) {

    public Experiment {
        seed = seed == null ? 0L : seed;
        sampling = sampling == null ? new SamplingPlan(null, null, null, null) : sampling;
        required("name", name);
        required("tokenizer", tokenizer);
        if (side == null) {
            required("data", data);
        } else if (data != null && !side.equals(data.side())) {
            throw new UserError("side is " + side + " and the pictures of data have " + data.side()
                    + ": they must agree, and side can be left out");
        }
        if (!names(name)) {
            throw new UserError("name is '" + name + "': letters, digits and . _ - only, as it names a directory");
        }
        int pixels = side == null ? data.side() : side;
        int factor = tokenizer.autoencoder().plugin().factor();
        if (pixels < 1 || pixels % factor != 0) {
            throw new UserError((data == null ? "side" : "data") + ": pictures of side " + pixels
                    + " cannot be cut into squares of " + factor + ", the factor of the autoencoder: choose a multiple");
        }
        sampling.options().fitting(tokenizer.depth());
        if (transformer != null) {
            transformer = transformer.embedding(tokenizer);
            transformer.fitting(tokenizer.depth(), sampling);
        }
    }

    /** Whether a text can name an experiment, and with it a directory. */
    public static boolean names(String text) {
        return text.matches("[A-Za-z0-9][A-Za-z0-9._-]*");
    }

    /** Pixels along an edge of every picture. */
    public int pixels() {
        return data == null ? side : data.side();
    }

    /**
     * The pictures, where they are needed.
     *
     * @throws UserError if there are none
     */
    public Dataset pictures() {
        if (data == null) {
            throw new UserError("run " + name + " has no pictures of its own, as it was imported: give some, as in"
                    + " --set data.folder.path=FOLDER --set data.folder.side=" + side);
        }
        return data;
    }

    /** A picture from elsewhere, cut to the side of the run's pictures: the middle of it. */
    public Picture middle(Path file) {
        return data == null ? Dataset.middle(file, side, false) : data.middle(file);
    }

    /**
     * What learns the codes, where it is needed.
     *
     * @throws UserError if there is only a tokenizer
     */
    public TransformerPlan learner() {
        if (transformer == null) {
            throw new UserError("run " + name + " has a tokenizer and no transformer: 'train CONFIG --from " + name
                    + "' trains one on its codes");
        }
        return transformer;
    }

    /** What learns the codes, for these classes. */
    public CodeModel model(List<String> classes) {
        return learner().model(tokenizer.space(), grid(), classes.size());
    }

    /** What the first weights, the order and the dropout of the transformer's training follow from. */
    public long learnerSeed() {
        return seeds == null || seeds.transformer() == null ? seed : seeds.transformer();
    }

    /** What the run's own samples follow from. */
    public long samplingSeed() {
        return seeds == null || seeds.sampling() == null ? learnerSeed() : seeds.sampling();
    }

    /** Height and width of the code grid. */
    public int grid() {
        return pixels() / tokenizer.autoencoder().plugin().factor();
    }

    /** The same experiment under another name. */
    public Experiment named(String other) {
        return new Experiment(other, seed, seeds, data, side, tokenizer, transformer, sampling);
    }

    /**
     * Seeds of single stages, so that several transformers can learn the codes of one tokenizer. Pictures, tokenizer and
     * codes always follow from the experiment's.
     *
     * @param transformer null for the experiment's
     * @param sampling of what is drawn at the end of a run; null for the transformer's
     */
    public record Seeds(Long transformer, Long sampling) {}

    /**
     * Pictures to codes and back.
     *
     * @param depth D, the number of codes of one position
     * @param codes K, one value or one per depth
     * @param beam how many prefixes the search for codes keeps; 1 is greedy, and the default where the decomposition does
     *     not name another
     * @param standardise whether pixels are shifted and scaled by the mean and deviation of the training pictures
     * @param commitment weight of the commitment loss beside the mean squared error of the pixels (REFERENCE A.3)
     * @param codebooks how tables learn by moving average
     * @param training absent where the weights were imported, and nothing is to be trained
     */
    public record TokenizerPlan(
            Plugged<Autoencoder> autoencoder,
            Plugged<Decomposition> decomposition,
            Integer depth,
            List<Integer> codes,
            Integer beam,
            Boolean standardise,
            Double commitment,
            CodebookLearning codebooks,
            Training training) {

        /** Where the training of a tokenizer differs by default from that of a transformer (REFERENCE A.3). */
        static final Map<String, Object> TRAINING =
                Map.of("learningRate", 4e-5, "betas", List.of(0.5, 0.9), "weightDecay", 0.0, "clip", 0.0, "ema", 0.0);

        public TokenizerPlan {
            required("autoencoder", autoencoder);
            required("decomposition", decomposition);
            required("depth", depth);
            required("codes", codes);
            if (depth < 1) {
                throw new UserError("depth is " + depth + ": must be at least 1");
            }
            if (codes.size() != 1 && codes.size() != depth) {
                throw new UserError("codes has " + codes.size() + " values: must be one, or one for each of the " + depth
                        + " depths");
            }
            codes = List.copyOf(codes);
            beam = beam == null ? decomposition.plugin().beamWidth() : beam;
            standardise = standardise == null || standardise;
            commitment = commitment == null ? 0.25 : commitment;
            codebooks = codebooks == null ? CodebookLearning.defaults() : codebooks;
            if (beam < 1) {
                throw new UserError("beam is " + beam + ": must be at least 1, which is greedy");
            }
            if (commitment < 0) {
                throw new UserError("commitment is " + commitment + ": must be at least 0");
            }
            space(autoencoder, depth, codes);
        }

        /** What the decomposition has to work with. */
        public CodeSpace space() {
            return space(autoencoder, depth, codes);
        }

        /** What makes codes of pictures and pictures of codes. */
        public Tokenizer tokenizer() {
            return new Tokenizer(autoencoder.plugin(), new Quantizer(decomposition.plugin(), space(), beam));
        }

        /** The steps to be trained, 0 if nothing is. */
        public int steps() {
            return training == null ? 0 : training.steps();
        }

        private static CodeSpace space(Plugged<Autoencoder> autoencoder, int depth, List<Integer> codes) {
            int width = autoencoder.plugin().width();
            return codes.size() == 1 ? CodeSpace.of(width, depth, codes.get(0)) : new CodeSpace(width, codes);
        }
    }

    /**
     * What learns the codes: a backbone with heads, or a generator, which has settings of its own.
     *
     * @param generator what stands in the place of both; null for the DnD-Transformer
     * @param condition by what pictures are asked for: {@code classes} of the data, the default, or {@code captions}
     * @param embeddings {@code shared}: one token table for all depths, as published; {@code per-depth}: one each, the
     *     default where every depth has its own codebook
     * @param tiedHeads whether all depths share one output matrix
     * @param classDropout share of training pictures whose label is withheld, so that guidance has something to compare
     *     with; 0 for no null class; 0.1, or 0 for a generator that does not predict codes
     * @param tokenDropout dropout of the input embeddings; 0.1
     * @param variants fixed views of each training picture to learn from: 1, 2 (with its mirror image) or 10 (five crops,
     *     mirrored too); 1
     * @param training absent where the weights were imported, and nothing is to be trained
     */
    public record TransformerPlan(
            Plugged<Generator> generator,
            Plugged<Backbone> backbone,
            Plugged<HeadTopology> heads,
            ConditionPlan condition,
            String embeddings,
            Boolean tiedHeads,
            Double classDropout,
            Double tokenDropout,
            Integer variants,
            Training training) {

        /** The steps to be trained, 0 if nothing is. */
        public int steps() {
            return training == null ? 0 : training.steps();
        }

        private List<Tap> taps(int depth) {
            return heads.plugin().taps(backbone.plugin().layers(), depth);
        }

        /** Impossible head positions are found here, before anything is trained. */
        void fitting(int depth, SamplingPlan sampling) {
            if (generator == null) {
                heads(depth);
            } else if (!generator.plugin().predicts()) {
                sampling.options().plain();
            }
            if (sampling.options().guided() && classDropout == 0) {
                throw new UserError("sampling.options.guidance is " + sampling.options().guidance()
                        + " and transformer.classDropout 0: guidance compares with what is learnt without labels, so set"
                        + " classDropout above 0, or guidance to 1");
            }
        }

        private void heads(int depth) {
            int layers = backbone.plugin().layers();
            List<Tap> taps = taps(depth);
            int last = taps.get(taps.size() - 1).layer();
            if (last < layers - 1 && training != null) {
                throw new UserError("transformer.heads: the last head stands after layer " + last + " of 0 to "
                        + (layers - 1) + ", and layers above it would learn nothing: put it at " + (layers - 1)
                        + ", or have " + (last + 1) + " layers");
            }
        }

        /** What it is built of, for a sentence. */
        public String told() {
            return generator == null ? backbone.identity() + " with " + heads.name() + " heads" : generator.identity();
        }

        /** What learns codes on a square grid, and so many classes. */
        public CodeModel model(CodeSpace space, int grid, int classes) {
            return generator == null
                    ? transformer(space, grid, classes)
                    : new Competitor(
                            generator.plugin(), space, grid, grid, new Condition.Classes(classes, classDropout > 0));
        }

        /** The same, of a backbone with heads. */
        public DndTransformer transformer(CodeSpace space, int grid, int classes) {
            return new DndTransformer(
                    backbone.plugin(),
                    taps(space.depth()),
                    space,
                    grid,
                    grid,
                    condition.condition(classes, classDropout > 0),
                    "per-depth".equals(embeddings) ? DndTransformer.Embeddings.PER_DEPTH : DndTransformer.Embeddings.SHARED,
                    tiedHeads,
                    tokenDropout);
        }

        /** The same with embeddings chosen: a table per depth where every depth has its own codebook, unless it says. */
        TransformerPlan embedding(TokenizerPlan tokenizer) {
            if (embeddings != null || generator != null) {
                return this;
            }
            long tables = IntStream.range(0, tokenizer.depth())
                    .mapToObj(tokenizer.decomposition().plugin()::table)
                    .distinct()
                    .count();
            String chosen = tables < tokenizer.depth() ? "shared" : "per-depth";
            return new TransformerPlan(
                    null,
                    backbone,
                    heads,
                    condition,
                    chosen,
                    tiedHeads,
                    classDropout,
                    tokenDropout,
                    variants,
                    training);
        }

        public TransformerPlan {
            condition = condition == null ? new ConditionPlan.Classes() : condition;
            if (generator == null) {
                required("backbone", backbone);
                required("heads", heads);
                tiedHeads = tiedHeads != null && tiedHeads;
                classDropout = classDropout == null ? 0.1 : classDropout;
                tokenDropout = tokenDropout == null ? 0.1 : tokenDropout;
            } else {
                boolean predicts = generator.plugin().predicts();
                classDropout = classDropout == null ? predicts ? 0.1 : 0 : classDropout;
                alone("backbone", backbone);
                alone("heads", heads);
                alone("embeddings", embeddings);
                alone("tiedHeads", tiedHeads);
                alone("tokenDropout", tokenDropout);
                if (condition instanceof ConditionPlan.Captions) {
                    throw new UserError("condition: a generator is asked by classes, not by captions");
                } else if (!predicts && classDropout != 0) {
                    throw new UserError("classDropout is " + classDropout + ": must be 0, as generator '"
                            + generator.name() + "' does not predict codes one after another and is never guided");
                }
            }
            variants = variants == null ? 1 : variants;
            if (training != null && (!training.freeze().isEmpty() || training.decompositionRate() != 1)) {
                throw new UserError("training: freeze and decompositionRate are about parts of a tokenizer, and a"
                        + " transformer has none of them: leave them out");
            }
            if (embeddings != null && !embeddings.equals("shared") && !embeddings.equals("per-depth")) {
                throw new UserError("embeddings is '" + embeddings + "': must be shared or per-depth");
            }
            for (double share : List.of(classDropout, tokenDropout == null ? 0 : tokenDropout)) {
                if (share < 0 || share >= 1) {
                    throw new UserError("a dropout is " + share + ": must be from 0 to below 1");
                }
            }
        }
    }

    /**
     * What is drawn at the end of a run; {@code sample} takes the same as options.
     *
     * @param perClass pictures for each label; 4
     * @param batch how many are drawn at a time; 32
     * @param precision of the products: {@code float32}, {@code bfloat16}, {@code int8} or {@code int4}; float32
     * @param options how codes are drawn
     */
    public record SamplingPlan(Integer perClass, Integer batch, String precision, Sampling options) {
        /** What can be drawn in. */
        public static final List<Precision> PRECISIONS = List.of(Precision.values());

        public SamplingPlan {
            perClass = perClass == null ? 4 : perClass;
            batch = batch == null ? 32 : batch;
            precision = precision == null ? "float32" : precision;
            options = options == null ? new Sampling(null, null, null, null, null, null, null) : options;
            if (precision(precision).isEmpty()) {
                throw new UserError("precision is '" + precision + "': must be one of " + precisions());
            }
            if (perClass < 0 || batch < 1) {
                throw new UserError("perClass is " + perClass + " and batch " + batch
                        + ": must be at least 0 and at least 1");
            }
        }

        /** The one of that name. */
        public static Optional<Precision> precision(String name) {
            return PRECISIONS.stream().filter(p -> p.label().equals(name)).findFirst();
        }

        /** Their names, for messages. */
        public static String precisions() {
            return PRECISIONS.stream().map(Precision::label).collect(Collectors.joining(", "));
        }
    }

    private static void alone(String field, Object value) {
        if (value != null) {
            throw new UserError(field + " goes with a backbone and its heads; a generator stands in the place of both and"
                    + " has settings of its own: leave it out");
        }
    }

    private static void required(String field, Object value) {
        if (value == null) {
            throw new UserError("field '" + field + "' is missing");
        }
    }
}
