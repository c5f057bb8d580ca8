package org.dnd4j.launcher;

import java.io.Console;
import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.function.ToIntFunction;

/**
 * The entry: {@code java -jar dnd4j.jar VERB …}, or without a verb for a console. It prepares the process, boots the nest
 * that stands beside the jar, and hands the arguments to the console inside.
 */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        if (System.getenv("OMP_WAIT_POLICY") == null) {
            System.exit(Again.run(arguments));
        }
        Again.followParent();
        defaultTo("ai.djl.offline", "true");
        defaultTo("OPT_OUT_TRACKING", "true");
        defaultTo("java.awt.headless", "true");
        defaultTo("dnd4j.home", home().toString());
        defaultTo("dnd4j.terminal", Boolean.toString(interactive()));
        defaultTo("dnd4j.interactive", Boolean.toString(interactive()));
        String log = System.getProperty("dnd4j.log", System.getenv("DND4J_LOG"));
        if (log != null && !log.isEmpty() && !Logs.file(log)) {
            System.err.println("dnd4j: warning: " + log
                    + ": nothing is logged there, as it cannot be written or has a % in its path");
        }
        int code;
        try {
            ToIntFunction<String[]> console = Nest.boot(home(), plugins(home()));
            code = console.applyAsInt(arguments);
        } catch (Nest.Broken e) {
            System.err.println("dnd4j: " + e.getMessage());
            code = 1;
        }
        System.exit(code);
    }

    /** The folder in which {@code bundles} and {@code plugins} lie: where this jar is. */
    static Path home() {
        try {
            return Path.of(Main.class.getProtectionDomain().getCodeSource().getLocation().toURI()).getParent();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether somebody types; from Java 22 on there is a console even where nobody does, and it says so itself. */
    static boolean interactive() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException e) {
            return true;
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }

    /** Where plugin jars are looked for: beside this jar, and in the folders of {@code -Ddnd4j.plugins}. */
    private static String plugins(Path home) {
        String more = System.getProperty("dnd4j.plugins", "");
        return home.resolve("plugins") + (more.isEmpty() ? "" : File.pathSeparator + more);
    }

    private static void defaultTo(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }
}
