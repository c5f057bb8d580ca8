package org.dnd4j.torch;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Turns libtorch's report into one line about the program's own text. */
final class Trouble {
    private static final Pattern PLACE = Pattern.compile("__torch__\\.py\", line (\\d+)");

    /** What oneDNN says of whatever it was not written for. */
    private static final Pattern ONE_DNN =
            Pattern.compile("could not create a primitive descriptor for the ([\\w ]+) primitive\\..*");

    private Trouble() {}

    /** The reason, then the innermost line of the program that led to it, as {@code (line 3: h = h + y)}. */
    static String explain(Program program, String report) {
        if (report == null) {
            return "no reason given";
        }
        String[] source = program.text().split("\n", -1);
        String place = "";
        Matcher m = PLACE.matcher(report);
        while (m.find()) {
            int line = Integer.parseInt(m.group(1)) - Archive.header(program);
            if (line >= 1 && line <= source.length) {
                place = " (line " + line + ": " + source[line - 1].strip() + ")";
            }
        }
        return (reason(report) + place).replaceAll("\\s*\\R\\s*", " ");
    }

    /** The last line that states an error; libtorch puts tracebacks before it and C++ frames behind it. */
    private static String reason(String report) {
        String reason = null;
        for (String line : report.split("\n")) {
            String s = line.strip();
            if (s.startsWith("Exception raised from")) {
                break;
            }
            if (s.matches("(RuntimeError|torch\\.\\w*Error|Error|\\w+Error): .*")) {
                reason = s.substring(s.indexOf(": ") + 2);
            } else if (reason == null && !s.isEmpty() && !s.startsWith("The following operation failed")
                    && !s.startsWith("Traceback")) {
                reason = s;
            }
        }
        return ONE_DNN.matcher(reason == null ? report.strip() : reason)
                .replaceFirst("there is no $1 of arrays of these shapes and types");
    }
}
