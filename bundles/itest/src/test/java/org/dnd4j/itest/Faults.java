package org.dnd4j.itest;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToIntFunction;
import org.dnd4j.launcher.Nest;

/**
 * The program of a process in which a good Run goes on while a bad plugin does one thing after the other, each in a Run of
 * its own; and which afterwards makes the good Run once more, alone. What it says goes to standard output, a line each.
 */
final class Faults {
    private Faults() {}

    /** {@code folder SPI=PLACE fault…}: the plugins' jar and {@code tiny.json} lie in the folder. */
    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        ToIntFunction<String[]> console =
                Nest.boot(Child.HOME, Child.HOME.resolve("plugins") + File.pathSeparator + folder);
        PrintStream out = System.out;
        PrintStream err = System.err;
        AtomicInteger code = new AtomicInteger(-1);
        Thread beside = new Thread(() -> code.set(console.applyAsInt(good(folder, "beside"))));
        beside.start();
        for (String fault : List.of(arguments).subList(2, arguments.length)) {
            ByteArrayOutputStream said = new ByteArrayOutputStream();
            System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
            int ended = console.applyAsInt(bad(folder, arguments[1], fault));
            System.setErr(err);
            String last = said.toString(StandardCharsets.UTF_8).lines().filter(l -> l.startsWith("dnd4j: ")).reduce("", (a, b) -> b);
            out.println(fault + "\t" + ended + "\t" + last);
            out.flush();
        }
        beside.join();
        out.println("beside\t" + code.get() + "\t");
        out.println("alone\t" + console.applyAsInt(good(folder, "alone")) + "\t");
        out.flush();
        System.exit(0);
    }

    private static String[] good(Path folder, String runs) {
        return new String[] {
            "run", folder.resolve("tiny.json").toString(), "--runs", folder.resolve(runs).toString(), "--threads", "1",
            "--set", "tokenizer.training.steps=200"
        };
    }

    private static String[] bad(Path folder, String place, String fault) {
        List<String> verb = new ArrayList<>(List.of("run", folder.resolve("tiny.json").toString(), "--runs",
                folder.resolve("bad").toString(), "--name", "bad-" + fault, "--threads", "1", "--set"));
        verb.add(place + "={\"bad\":{\"how\":\"" + fault + "\"}}");
        return verb.toArray(String[]::new);
    }
}
