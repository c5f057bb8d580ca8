package org.dnd4j.mutants;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A program with one small change: another sign, a number off by one, a term dropped, two arguments exchanged.
 *
 * @param line of the program, counted from 1
 * @param change what was there, and what is there now
 * @param text the whole changed program
 */
record Mutant(int line, String change, String text) {
    private static final Map<String, String> OTHER = Map.ofEntries(
            Map.entry("torch.add(", "torch.sub("),
            Map.entry("torch.sub(", "torch.add("),
            Map.entry("torch.mul(", "torch.div("),
            Map.entry("torch.div(", "torch.mul("),
            Map.entry("torch.ge(", "torch.lt("),
            Map.entry("torch.cos(", "torch.sin("),
            Map.entry("torch.sin(", "torch.cos("),
            Map.entry("torch.tril(", "torch.triu("),
            Map.entry("torch.triu(", "torch.tril("),
            Map.entry("torch.logical_and(", "torch.logical_or("),
            Map.entry("torch.logical_or(", "torch.logical_and("),
            Map.entry("torch.silu(", "torch.relu("),
            Map.entry(" == ", " != "),
            Map.entry(" != ", " == "),
            Map.entry(" > ", " <= "),
            Map.entry(" + ", " - "),
            Map.entry(" - ", " + "),
            Map.entry(" * ", " + "),
            Map.entry(" // ", " * "),
            Map.entry(" and ", " or "),
            Map.entry(" or ", " and "),
            Map.entry("if not ", "if "));
    private static final Pattern NUMBER = Pattern.compile("(?<![\\w.])\\d+(\\.\\d*)?(e-?\\d+)?(?![\\w.])");
    private static final Pattern CALL = Pattern.compile("(?:torch|self)\\.\\w+\\(");

    private static final Pattern EITHER_WAY = Pattern.compile("torch\\.(add|mul|logical_and|logical_or|eq)\\(");

    /** All of them, in the order of the lines. */
    static List<Mutant> of(String program) {
        List<Mutant> mutants = new ArrayList<>();
        String[] lines = program.split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            String code = lines[i].replaceFirst("#.*", "");
            if (code.isBlank() || code.startsWith("def ")) {
                continue;
            }
            for (String changed : changes(code)) {
                String[] copy = lines.clone();
                copy[i] = changed;
                mutants.add(new Mutant(i + 1, code.strip() + "  →  " + changed.strip(), String.join("\n", copy)));
            }
        }
        return mutants;
    }

    private static List<String> changes(String line) {
        List<String> changes = new ArrayList<>();
        OTHER.forEach((what, other) -> {
            for (int at = line.indexOf(what); at >= 0; at = line.indexOf(what, at + 1)) {
                changes.add(line.substring(0, at) + other + line.substring(at + what.length()));
            }
        });
        Matcher number = NUMBER.matcher(line);
        while (number.find()) {
            changes.add(line.substring(0, number.start()) + next(number.group()) + line.substring(number.end()));
        }
        Matcher call = CALL.matcher(line);
        while (call.find()) {
            List<String> arguments = arguments(line, call.end());
            if (!arguments.isEmpty()) {
                int end = call.end() + String.join(",", arguments).length();
                String rest = line.substring(end + 1);
                changes.add(line.substring(0, call.start()) + arguments.get(0) + rest); // the call dropped
                if (arguments.size() > 1 && !arguments.get(1).contains("=")) {
                    changes.add(line.substring(0, call.start()) + arguments.get(1).strip() + rest);
                }
                if (arguments.size() > 1 && !arguments.get(1).contains("=") && !EITHER_WAY.matcher(call.group()).matches()) {
                    List<String> exchanged = new ArrayList<>(arguments);
                    exchanged.set(0, arguments.get(1).strip());
                    exchanged.set(1, " " + arguments.get(0));
                    changes.add(line.substring(0, call.end()) + String.join(",", exchanged) + line.substring(end));
                }
            }
        }
        return changes;
    }

    /** One more, or half as much again. */
    private static String next(String number) {
        if (number.matches("\\d+")) {
            return Long.toString(Long.parseLong(number) + 1);
        }
        double value = Double.parseDouble(number);
        return Double.toString(value == 0 ? 0.5 : 1.5 * value);
    }

    /** The arguments of the call whose bracket opens before {@code from}; none if it does not close on this line. */
    private static List<String> arguments(String line, int from) {
        List<String> arguments = new ArrayList<>();
        int depth = 0;
        int start = from;
        for (int i = from; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '(' || c == '[') {
                depth++;
            } else if (depth == 0 && (c == ')' || c == ',')) {
                arguments.add(line.substring(start, i));
                start = i + 1;
                if (c == ')') {
                    return arguments.get(0).isBlank() ? List.of() : arguments;
                }
            } else if (c == ')' || c == ']') {
                depth--;
            }
        }
        return List.of();
    }
}
