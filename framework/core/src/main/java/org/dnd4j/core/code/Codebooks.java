package org.dnd4j.core.code;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.dnd4j.core.code.Quantizer.Quantized;
import org.dnd4j.core.guard.Law;
import org.dnd4j.spi.Decomposition;
import org.dnd4j.spi.UserError;
import org.dnd4j.torch.Key;
import org.dnd4j.torch.Program;
import org.dnd4j.torch.Scope;
import org.dnd4j.torch.Weight;
import org.dnd4j.torch.Weight.Learns;
import org.dnd4j.torch.Weights;

/**
 * The tables that learn by moving average, and their running counts and sums (REFERENCE A.2). A table that several depths
 * search counts the hits of all of them.
 */
public final class Codebooks implements AutoCloseable {
    private static final Program PROGRAM = Program.of(Codebooks.class, "codebooks.py");

    /** How many latents a fit wants at most; a later one draws them evenly from the steps since the fit before. */
    private static final int RECENT = 32768;

    /** How many latents the first fit wants for each code of the largest table. */
    private static final int EACH = 64;

    private final Quantizer quantizer;
    private final CodebookLearning learning;
    private final Weights w;
    private final NDManager manager;
    private final Map<String, Statistics> tables = new LinkedHashMap<>();
    private final NDArray recent; // [recent,c], no rows if nothing is fitted

    /** What one table remembers: counts {@code [K]}, sums {@code [K,c]}, rows restarted by the last update {@code [1]}. */
    private record Statistics(NDArray sizes, NDArray sums, NDArray restarted, List<Integer> depths) {}

    /**
     * Statistics for the tables of a decomposition.
     *
     * @param w the decomposition's weights, to be trained
     * @throws UserError if a beam is to search tables that move between depths
     */
    public Codebooks(Quantizer quantizer, CodebookLearning learning, Weights w) {
        if (learning.eachDepth() && quantizer.beam() > 1) {
            throw new UserError("codebooks: order is each-depth, which moves tables between depths, but beam is "
                    + quantizer.beam() + ": use order after, or beam 1");
        }
        this.quantizer = quantizer;
        this.learning = learning;
        this.w = w;
        this.manager = w.torch().manager().newSubManager();
        Map<String, List<Integer>> searched = new LinkedHashMap<>();
        for (int k = 0; k < quantizer.space().depth(); k++) {
            searched.computeIfAbsent(quantizer.decomposition().table(k), t -> new ArrayList<>()).add(k);
        }
        List<Weight> declared = quantizer.decomposition().weights(quantizer.space());
        for (Weight weight : declared) {
            if (weight.learns() == Learns.EMA) {
                Shape shape = new Shape(weight.shape().stream().mapToLong(n -> n).toArray());
                tables.put(
                        weight.name(),
                        new Statistics(
                                manager.zeros(new Shape(shape.get(0))),
                                manager.zeros(shape),
                                manager.zeros(new Shape(1)),
                                searched.getOrDefault(weight.name(), List.of())));
            }
        }
        boolean fitted = declared.stream().anyMatch(d -> d.learns() == Learns.FITTED);
        int rows = fitted ? Math.max(RECENT, learning.refit()) : 0;
        this.recent = manager.zeros(new Shape(rows, quantizer.space().width()));
    }

    /**
     * How many latents {@link #start} wants: for tables whose rows are drawn from them twice as many as a table has rows,
     * for what is fitted 64 a row, and no more than 32768 for either.
     *
     * @param anew as in {@link #start}
     */
    public int wanted(Set<String> anew) {
        boolean drawn = learning.start().equals("latents") ? !tables.isEmpty() : !anew.isEmpty();
        int each = recent.getShape().get(0) > 0 ? EACH : drawn ? 2 : 0;
        return Math.min(RECENT, each * Collections.max(quantizer.space().sizes()));
    }

    /** As {@link #start(NDArray, Set, Key)} with nothing anew. */
    public void start(NDArray z, Key key) {
        start(z, Set.of(), key);
    }

    /**
     * Before the first step: places the tables' rows as {@link CodebookLearning#start} says, and fits what is fitted.
     *
     * @param z latents {@code [n,c]}, of the first batch and, up to {@link #wanted}, of more
     * @param anew tables that start from latents even where the others are {@code kept}
     */
    public void start(NDArray z, Set<String> anew, Key key) {
        try (Scope scope = w.torch().scope()) {
            NDArray latents = z.stopGradient(); // [n,c]
            latents.attach(scope.manager());
            boolean kept = learning.start().equals("kept");
            Set<String> placed = learning.start().equals("latents") ? tables.keySet() : kept ? anew : Set.of();
            if (!placed.isEmpty()) {
                startFrom(latents, placed, key.at("start"));
            }
            float count = learning.start().equals("published") ? 0 : 1;
            tables.forEach((name, t) -> {
                if (!kept || anew.contains(name) || t.sizes().sum().toFloatArray()[0] == 0) {
                    w.run(PROGRAM, "begin", w.get(name), t.sizes(), t.sums(), count);
                }
            });
            fit(latents, key);
        }
    }

    /** Depth after depth, rows of these tables become targets drawn at random; depths that share a table share its rows. */
    private void startFrom(NDArray z, Set<String> placed, Key key) {
        Decomposition d = quantizer.decomposition();
        NDArray state = quantizer.begin(z, w); // [n,c]
        for (int k = 0; k < quantizer.space().depth(); k++) {
            NDArray target = Law.finite("D2", d, "target", quantizer.target(z, state, k, w), z); // [n,c]
            Statistics t = placed.contains(d.table(k)) ? tables.get(d.table(k)) : null;
            if (t != null) {
                int size = quantizer.space().size(k);
                int depths = t.depths().size();
                int first = size * t.depths().indexOf(k) / depths;
                int rows = first == 0 ? size : size * (t.depths().indexOf(k) + 1) / depths - first; // all, then shares
                if (rows > 0) {
                    NDArray drawn = w.run(PROGRAM, "permuted", key.at(k), target, rows); // [rows,c]
                    w.run(PROGRAM, "place", w.get(d.table(k)), drawn, first);
                }
            }
            NDArray codeword = quantizer.nearest(target, state, k, 1, w).codewords().squeeze(1); // [n,c]
            state = Law.finite("D2", d, "next", quantizer.next(state, codeword, k, w), codeword); // [n,c]
        }
    }

    private void fit(NDArray latents, Key key) {
        if (recent.getShape().get(0) > 0) {
            quantizer.decomposition().fit(latents, quantizer.space(), key.at("fit"), w);
        }
    }

    /**
     * Codes of a training batch; in the order {@code each-depth} the tables move while it goes on.
     *
     * @param z {@code [n,c]}
     */
    public Quantized quantize(NDArray z, Key key) {
        if (!learning.eachDepth()) {
            return quantizer.quantize(z, w);
        }
        Decomposition d = quantizer.decomposition();
        return quantizer.quantize(z, w, (k, target, codes, codeword) -> {
            if (tables.containsKey(d.table(k))) {
                update(d.table(k), target, codes, candidates(d.table(k), target, codeword, key.at(k)));
            }
        });
    }

    /**
     * After a step, in the order {@code after}: moves every table towards what all depths that search it assigned to it.
     *
     * @param parts what the parts of the step's batch chose
     */
    public void update(List<Quantized> parts, Key key) {
        if (learning.eachDepth()) {
            return;
        }
        try (Scope scope = w.torch().scope()) {
            tables.forEach((name, t) -> {
                NDList targets = new NDList();
                NDList codewords = new NDList();
                for (Quantized q : parts) {
                    t.depths().forEach(k -> targets.add(q.targets().get(k)));
                    t.depths().forEach(k -> codewords.add(q.codewords().get(k)));
                }
                NDList codes = new NDList(parts.stream().map(Quantized::codes).toList());
                long[] depths = t.depths().stream().mapToLong(k -> k).toArray();
                NDArray all = w.run(PROGRAM, "joined", targets); // [n,c]
                NDArray chosen = w.run(PROGRAM, "chosen", codes, depths); // [n]
                update(name, all, chosen, candidates(name, all, w.run(PROGRAM, "joined", codewords), key.at(name)));
            });
        }
    }

    /** Where rows may restart: {@code [K,c]}, or no rows if they do not. */
    private NDArray candidates(String table, NDArray targets, NDArray codewords, Key key) {
        long size = tables.get(table).sizes().size();
        if (!learning.restart()) {
            return targets.getManager().zeros(new Shape(0, targets.getShape().get(1)));
        }
        return learning.candidates().equals("batch")
                ? w.run(PROGRAM, "permuted", key, targets, size)
                : w.run(PROGRAM, "erring", key, targets, codewords, size);
    }

    /**
     * The reference's candidates from given draws.
     *
     * @param targets {@code [n,c]}
     * @param order int64, a permutation of the n targets, or of their tiles up to K if n is smaller than K
     * @param noise U[0, 1) for each tiled target; not used if n is at least K
     * @return {@code [K,c]}
     */
    public NDArray candidates(NDArray targets, NDArray order, NDArray noise, int size) {
        return w.run(PROGRAM, "tiled", targets, order, noise, size);
    }

    /**
     * Moves one table (REFERENCE A.2, steps 1 to 4).
     *
     * @param table the weight's name
     * @param targets {@code [n,c]}
     * @param codes int64 {@code [n]}: the row each target was assigned to
     * @param candidates {@code [K,c]}: what rows that are hardly used restart at; no rows for no restart
     */
    public void update(String table, NDArray targets, NDArray codes, NDArray candidates) {
        Statistics t = tables.get(table);
        w.run(
                PROGRAM,
                "update",
                w.get(table),
                t.sizes(),
                t.sums(),
                t.restarted(),
                targets,
                codes,
                candidates,
                learning.candidates().equals("errors"),
                learning.below(),
                learning.decay(),
                learning.epsilon());
    }

    /**
     * After a step: keeps some of its latents, and fits again on those of all steps since the last time if it is time.
     *
     * @param z {@code [n,c]}, of the same n each step
     */
    public void refit(long step, NDArray z, Key key) {
        if (recent.getShape().get(0) == 0) {
            return;
        }
        try (Scope scope = w.torch().scope()) {
            long each = Math.min(z.getShape().get(0), recent.getShape().get(0) / learning.refit());
            long place = step % learning.refit();
            w.run(PROGRAM, "place", recent, w.run(PROGRAM, "permuted", key.at("recent"), z, each), place * each);
            if (place + 1 == learning.refit()) {
                fit(w.run(PROGRAM, "first", recent, learning.refit() * each), key);
            }
        }
    }

    /** How evenly a batch uses the codes of each depth: exp of the entropy, one scalar a depth, 1 to K. */
    public NDList perplexities(NDArray codes) {
        long[] sizes = quantizer.space().sizes().stream().mapToLong(k -> k).toArray();
        return w.call(PROGRAM, "perplexities", codes, sizes);
    }

    /** Rows restarted by the last update, {@code [1]} by table name. */
    public Map<String, NDArray> restarted() {
        Map<String, NDArray> restarted = new LinkedHashMap<>();
        tables.forEach((name, t) -> restarted.put(name, t.restarted()));
        return restarted;
    }

    /**
     * What a checkpoint must hold besides the tables: {@code quantizer.codebooks.k.cluster_size_ema}, {@code .embed_ema},
     * and {@code quantizer.recent}, the latents that the next fit will see.
     */
    public Map<String, NDArray> state() {
        Map<String, NDArray> state = new LinkedHashMap<>();
        tables.forEach((name, t) -> {
            String leaf = "quantizer." + name.replaceFirst("\\.weight$", "");
            state.put(leaf + ".cluster_size_ema", t.sizes());
            state.put(leaf + ".embed_ema", t.sums());
            state.put(leaf + ".restarted", t.restarted());
        });
        if (recent.getShape().get(0) > 0) {
            state.put("quantizer.recent", recent);
        }
        return state;
    }

    @Override
    public void close() {
        manager.close();
    }
}
