package org.dnd4j.core.cli;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.dnd4j.core.experiment.Plugins;
import org.dnd4j.core.run.Operations;
import org.dnd4j.spi.UserError;

/**
 * The door: arguments in, exit code out; without arguments, a console. Answers go to standard output and nothing else
 * does; progress, warnings and errors go to standard error.
 */
public final class Console implements ToIntFunction<String[]> {
    /** Exit code: done. */
    public static final int DONE = 0;

    /** Exit code: failed, and one line said what and what to do. */
    public static final int FAILED = 1;

    /** Exit code: wrong usage. */
    public static final int USAGE = 2;

    static final int STOPPED = 130;

    /** Opens a console for a session and returns its exit code at the end. */
    public interface Shell {
        int open(Session session);
    }

    private final Supplier<? extends Plugins> plugins;
    private final Consumer<String> log;
    private final Shell shell;
    private PrintStream answers;
    private PrintStream diverted;

    /**
     * A console over the plugins of each moment.
     *
     * @param log takes the name of the level to log at from now on
     * @param shell what a call without arguments opens
     */
    public Console(Supplier<? extends Plugins> plugins, Consumer<String> log, Shell shell) {
        this.plugins = plugins;
        this.log = log;
        this.shell = shell;
    }

    @Override
    public int applyAsInt(String[] arguments) {
        PrintStream out = answers();
        PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
        logAsSet();
        if (arguments.length == 0) {
            try (Session session = new Session(plugins, log, out, err)) {
                return shell.open(session);
            }
        }
        return run(Verbs.all(plugins, Verbs::none, log), out, err, arguments);
    }

    /**
     * Where answers go. What a library prints must not spoil them, so standard output itself leads to the errors from now
     * on; once for the process, because several verbs may be at work.
     */
    private synchronized PrintStream answers() {
        if (System.out != diverted) {
            answers = new PrintStream(System.out, false, StandardCharsets.UTF_8);
            diverted = System.err;
            System.setOut(diverted);
        }
        return answers;
    }

    /** A level other than the usual; settings that cannot be read are the business of the verb that needs them. */
    private void logAsSet() {
        try {
            String level = new Place().operations().log();
            if (!level.equals(Operations.DEFAULT.log())) {
                log.accept(level);
            }
        } catch (UserError e) {
            return;
        }
    }

    /** Runs one of {@code verbs}. What it has to say is said before the signal lets the JVM go. */
    static int run(List<Verb> verbs, PrintStream out, PrintStream err, String... arguments) {
        Call call = Call.of(verbs, arguments);
        if (call.settled() != null) {
            call.settled().print(out, err);
            return call.settled().code();
        }
        try (StopSignal signal = new StopSignal(err)) {
            Answer answer;
            try (Meter meter = new Meter(err, Boolean.getBoolean("dnd4j.terminal"), signal::stopped)) {
                answer = call.answer(meter);
            }
            answer.print(out, err);
            return answer.code();
        }
    }
}
