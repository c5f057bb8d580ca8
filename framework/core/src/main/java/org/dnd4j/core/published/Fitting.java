package org.dnd4j.core.published;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dnd4j.core.checkpoint.Stored;
import org.dnd4j.core.train.Piece;
import org.dnd4j.spi.UserError;
import org.dnd4j.torch.Weight;

/**
 * Which tensor of a state dict becomes which weight of a model. Nothing is dropped in silence: what is missing, unexpected
 * or of another shape is told all at once (the reference's loader, {@code strict=False}, says nothing; REFERENCE B.5).
 */
public final class Fitting {
    private static final int TOLD = 20;

    private final String where;
    private final StateDict dict;
    private final Set<String> left;
    private final List<Piece> pieces = new ArrayList<>();
    private final List<Weight> missing = new ArrayList<>();
    private final List<String> wrong = new ArrayList<>();

    /** Of a state dict; {@code where} names it in messages. */
    public Fitting(String where, StateDict dict) {
        this.where = where;
        this.dict = dict;
        this.left = new LinkedHashSet<>(dict.tensors().keySet());
    }

    /** A weight of the model, under its own name. */
    void take(Weight weight) {
        take(weight, false);
    }

    /** A table of codes, published with a row more, for padding, which is left out (REFERENCE A.2). */
    void takeTable(Weight weight) {
        take(weight, true);
    }

    private void take(Weight weight, boolean padded) {
        Stored stored = dict.tensors().get(weight.name());
        left.remove(weight.name());
        if (stored == null) {
            missing.add(weight);
        } else if (fits(weight, stored, padded)) {
            pieces.add(new Piece(weight, () -> Arrays.copyOf(stored.floats(), Math.toIntExact(weight.size()))));
        } else {
            wrong.add(weight.name() + " is " + stored + ", not " + weight.shape());
        }
    }

    private static boolean fits(Weight weight, Stored stored, boolean padded) {
        long[] wanted = weight.shape().stream().mapToLong(n -> n).toArray();
        long[] there = stored.shape();
        if (padded && there.length == 2 && there[0] == wanted[0] + 1) {
            there[0]--;
        }
        return stored.type().floating() && Arrays.equals(wanted, there);
    }

    /** A weight that published models need not have: as it is there, or else with every element {@code otherwise}. */
    void takeOr(Weight weight, float otherwise) {
        if (dict.tensors().containsKey(weight.name())) {
            take(weight);
        } else {
            float[] all = new float[Math.toIntExact(weight.size())];
            Arrays.fill(all, otherwise);
            pieces.add(new Piece(weight, () -> all));
        }
    }

    /** What a training counted, if it is there. */
    void takeIfThere(Weight weight) {
        if (dict.tensors().containsKey(weight.name())) {
            take(weight);
        }
    }

    /** Another name of the same tensor: one storage, or equal in every element. */
    void same(String name, String as) {
        Stored other = dict.tensors().get(name);
        Stored stored = dict.tensors().get(as);
        left.remove(name);
        if (other != null && stored != null && !other.sharesWith(stored) && !other.same(stored)) {
            wrong.add(name + " is not " + as + ", which it should share");
        }
    }

    /** Tensors that are no part of the model: those whose names begin so. */
    public long ignore(String prefix) {
        long count = left.stream().filter(n -> n.startsWith(prefix)).count();
        left.removeIf(n -> n.startsWith(prefix));
        return count;
    }

    /** The weights that the state dict does not have. */
    public List<Weight> missing() {
        return List.copyOf(missing);
    }

    /**
     * All weights.
     *
     * @param started elements of a weight that is missing, at its start; null if none may be
     * @throws UserError listing what does not fit
     */
    public List<Piece> whole(Function<Weight, float[]> started) {
        List<String> lacking = started == null ? missing.stream().map(Weight::name).toList() : List.of();
        int count = lacking.size() + left.size() + wrong.size();
        if (count == 0) {
            return Stream.concat(pieces.stream(), missing.stream().map(w -> new Piece(w, () -> started.apply(w)))).toList();
        }
        List<String> told = new ArrayList<>();
        tell("missing", lacking, told);
        tell("unexpected", List.copyOf(left), told);
        tell("of another shape or kind", wrong, told);
        String advice = Stream.of(
                        lacking.isEmpty() ? "" : "--allow-missing starts what is missing as an untrained model would",
                        left.isEmpty() ? "" : "--ignore PREFIX leaves out what is unexpected")
                .filter(a -> !a.isEmpty())
                .collect(Collectors.joining(", "));
        throw new UserError(where + ": does not hold this model whole: " + String.join("; ", told)
                + (advice.isEmpty() ? "" : " (" + advice + ")"));
    }

    /** At most {@link #TOLD} of a kind. */
    private static void tell(String what, List<String> names, List<String> into) {
        if (!names.isEmpty()) {
            into.add(names.size() + " " + what + ": "
                    + names.stream().limit(TOLD).collect(Collectors.joining(", "))
                    + (names.size() > TOLD ? " and " + (names.size() - TOLD) + " more" : ""));
        }
    }
}
