package org.dnd4j.core.compare;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What became of one cell of a grid.
 *
 * @param run its run in the comparison's folder
 * @param variant what it is compared as
 * @param options the label of its option on each axis
 * @param seed null where the grid has none
 * @param state {@code done}, {@code failed} or {@code missing}
 * @param reason why it failed, in one line; otherwise empty
 * @param pictures what it was judged by: the data of its experiment
 * @param codes of each position, and on which grid, {@code 2×256 on 8×8}
 * @param seconds each stage took, those that it shares included
 * @param metrics of its report; none unless it is done
 */
public record Result(
        String run,
        String variant,
        List<String> options,
        Long seed,
        String state,
        String reason,
        String pictures,
        String codes,
        Map<String, Object> seconds,
        Map<String, Object> metrics) {
    static final String DONE = "done";
    static final String FAILED = "failed";
    static final String MISSING = "missing";

    /** Results by what they are compared as, in the order in which they come. */
    static Map<String, List<Result>> byVariant(Stream<Result> results) {
        return results.collect(Collectors.groupingBy(Result::variant, LinkedHashMap::new, Collectors.toList()));
    }

    boolean done() {
        return state.equals(DONE);
    }
}
