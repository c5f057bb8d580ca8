package org.dnd4j.torch;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The parameters of one method of a program, and the adapter that lets autograd call it. */
record Signature(String program, String method, List<Parameter> parameters, String result) {

    enum Kind {
        TENSOR("Tensor"),
        TENSORS("List[Tensor]"),
        WEIGHTS("Weights"),
        INT("int"),
        FLOAT("float"),
        BOOL("bool"),
        INTS("List[int]");

        final String text;

        Kind(String text) {
            this.text = text;
        }
    }

    record Parameter(String name, Kind kind) {}

    private static final Pattern METHOD =
            Pattern.compile("(?m)^def\\s+(\\w+)\\s*\\(\\s*self\\s*,?([^)]*)\\)\\s*->\\s*(.+?):[ \\t]*$");
    private static final Pattern PARAMETER = Pattern.compile("(\\w+)\\s*:\\s*([\\w\\[\\]]+)");

    static Map<String, Signature> parse(String program, String text) {
        Map<String, Signature> methods = new LinkedHashMap<>();
        Matcher m = METHOD.matcher(text);
        while (m.find()) {
            List<Parameter> parameters = new ArrayList<>();
            for (String part : m.group(2).split(",")) {
                if (part.isBlank()) {
                    continue;
                }
                Matcher p = PARAMETER.matcher(part.strip());
                if (!p.matches()) {
                    throw new IllegalArgumentException(
                            program + ": method " + m.group(1) + ": not a parameter: '" + part.strip() + "'");
                }
                parameters.add(new Parameter(p.group(1), kind(program, m.group(1), p.group(2))));
            }
            methods.put(m.group(1), new Signature(program, m.group(1), List.copyOf(parameters), m.group(3)));
        }
        return methods;
    }

    private static Kind kind(String program, String method, String text) {
        for (Kind kind : Kind.values()) {
            if (kind.text.equals(text)) {
                return kind;
            }
        }
        throw new IllegalArgumentException(program + ": method " + method + ": a parameter cannot be " + text);
    }

    /**
     * DJL passes only tensors where gradients are wanted. The adapter {@code method__grad} takes one list: first a
     * float64 tensor with every number and every list's length, then all tensors in order.
     */
    String adapter() {
        StringBuilder body = new StringBuilder("def " + method + "__grad(self, ts: List[Tensor]) -> " + result + ":\n"
                + "  numbers = ts[0]\n  n = 0\n  t = 1\n");
        for (int i = 0; i < parameters.size(); i++) {
            String next = "numbers[n]";
            String a = "a" + i;
            switch (parameters.get(i).kind()) {
                case TENSOR -> body.append("  " + a + " = ts[t]\n  t = t + 1\n");
                case TENSORS -> body.append(take(a, "n"));
                case WEIGHTS -> body.append(take(a + "w", "n")).append(take(a + "s", "n"))
                        .append("  " + a + " = (" + a + "w, " + a + "s)\n");
                case INT -> body.append("  " + a + " = int(" + next + ")\n  n = n + 1\n");
                case FLOAT -> body.append("  " + a + " = float(" + next + ")\n  n = n + 1\n");
                case BOOL -> body.append("  " + a + " = bool(" + next + ")\n  n = n + 1\n");
                case INTS -> body.append("  " + a + " = annotate(List[int], [])\n"
                        + "  for _" + i + " in range(int(" + next + ")):\n"
                        + "    n = n + 1\n    " + a + ".append(int(numbers[n]))\n  n = n + 1\n");
                default -> throw new AssertionError();
            }
        }
        StringBuilder call = new StringBuilder("  return self." + method + "(");
        for (int i = 0; i < parameters.size(); i++) {
            call.append(i == 0 ? "" : ", ").append("a").append(i);
        }
        return body.append(call).append(")\n").toString();
    }

    private static String take(String name, String n) {
        return "  c = int(numbers[" + n + "])\n  " + name + " = ts[t:t + c]\n  t = t + c\n  n = n + 1\n";
    }
}
