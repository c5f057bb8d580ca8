package org.dnd4j.torch;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Writes programs that are several steps: one method that calls those of the steps' programs, each with what the one before
 * returned and then its own arguments.
 */
final class Chain {
    static final String METHOD = "chain";

    /** All of a step that a chain's text depends on. */
    private record Link(Program program, String method, int left) {}

    private final Map<List<Link>, Program> written = new HashMap<>();

    /** The program of some steps; its only method takes the arguments of all. */
    Program of(List<Step> steps) {
        List<Link> links = steps.stream().map(s -> new Link(s.program(), s.method(), s.left())).toList();
        return written.computeIfAbsent(links, k -> write(steps));
    }

    private static Program write(List<Step> steps) {
        List<Program> parts = steps.stream().map(Step::program).distinct().toList();
        List<String> parameters = new ArrayList<>(List.of("self"));
        StringBuilder body = new StringBuilder();
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            List<String> passed = handed(steps, i);
            for (Signature.Parameter p : step.own()) {
                String name = step.method() + i + "_" + p.name();
                parameters.add(name + ": " + p.kind().text);
                passed.add(name);
            }
            body.append("  r").append(i).append(" = self.").append(Archive.part(parts.indexOf(step.program()))).append('.')
                    .append(step.method()).append('(').append(String.join(", ", passed)).append(")\n");
        }
        int last = steps.size() - 1;
        String text = "def " + METHOD + "(" + String.join(", ", parameters) + ") -> " + steps.get(last).signature().result()
                + ":\n" + body + "  return r" + last + "\n";
        return Program.linked(String.join(" + ", parts.stream().map(Program::name).toList()), text, parts);
    }

    /** What step {@code i} is handed of the results of the one before it. */
    private static List<String> handed(List<Step> steps, int i) {
        int left = steps.get(i).left();
        String before = "r" + (i - 1);
        if (i == 0 && left > 0) {
            throw new IllegalArgumentException(steps.get(i) + ": the first of several steps needs all its arguments");
        }
        if (i > 0 && steps.get(i - 1).signature().result().equals("Tensor")) {
            if (left > 1) {
                throw new IllegalArgumentException(steps.get(i) + " needs " + left + " tensors, and "
                        + steps.get(i - 1).method() + " before it returns one");
            }
            return new ArrayList<>(Collections.nCopies(left, before));
        }
        return IntStream.range(0, left).mapToObj(j -> before + "[" + j + "]").collect(Collectors.toCollection(ArrayList::new));
    }
}
