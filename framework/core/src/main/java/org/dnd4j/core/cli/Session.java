package org.dnd4j.core.cli;

import java.io.PrintStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.dnd4j.core.Progress;
import org.dnd4j.core.Stopped;
import org.dnd4j.core.experiment.Plugins;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens in a console between its opening and its end: verbs that answer at once, and jobs. Whoever reads the lines,
 * from a keyboard or a pipe, says where each begins.
 */
public final class Session implements AutoCloseable {
    /** Lines that are kept while nobody reads them. */
    private static final int HEARD = 100;

    private static final Logger LOG = LoggerFactory.getLogger("console");

    private final Supplier<? extends Plugins> plugins;
    private final Consumer<String> log;
    private final PrintStream out;
    private final PrintStream err;
    private final Jobs jobs = new Jobs();
    private final Deque<String> heard = new ArrayDeque<>();
    private final Verdict verdict = new Verdict();
    private final Thread hook = new Thread(this::hang, "stop");
    private volatile boolean left;
    private volatile boolean ending;

    /** A console that answers to {@code out} and says everything else to {@code err}. */
    Session(Supplier<? extends Plugins> plugins, Consumer<String> log, PrintStream out, PrintStream err) {
        this.plugins = plugins;
        this.log = log;
        this.out = out;
        this.err = err;
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Where answers go. */
    public PrintStream out() {
        return out;
    }

    /** Where all else goes. */
    public PrintStream err() {
        return err;
    }

    /** The names of the verbs. */
    public List<String> verbs() {
        return List.copyOf(Call.line(new Dnd4j(), fresh()).getSubcommands().keySet());
    }

    /** What can stand where the last of {@code words} stands; it may be empty or half a word. */
    public List<String> completions(List<String> words) {
        return Completion.of(fresh(), plugins, jobs, words);
    }

    /** A new line begins. */
    public void begin() {
        left = false;
        verdict.begin();
    }

    /** Ctrl-C: what the present line waits for is waited for no longer. */
    public void leave() {
        left = true;
    }

    /** The exit code of all lines: of the first that failed. */
    public int code() {
        return verdict.code();
    }

    /** Says what is wrong with a line. */
    public void complain(int code, String what) {
        Answer.complaint(code, what).print(out, err);
        verdict.of(verdict.line(), code);
    }

    /** Does what a line asks for: at once, or as a job. */
    public void call(PrintStream to, List<String> words) {
        Call call = Call.of(fresh(), words.toArray(String[]::new));
        int line = verdict.line();
        if (call.settled() != null || !call.isLong()) {
            LOG.info(Words.joined(words));
            tell(line, to, attended(call::answer));
            return;
        }
        Job job = jobs.start(Words.joined(words), call::answer, code -> {
            verdict.of(line, code);
            LOG.info("job ended with {}: {}", code, Words.joined(words));
        });
        LOG.info("job {}: {}", job.id, job.line);
        if (call.isWaitedFor()) {
            tell(line, to, attended(meter -> WaitVerb.answer(job, meter)));
        } else {
            to.println(call.shown("job " + job.id + ": " + job.line, job.row()));
            to.flush();
        }
    }

    private interface Work {
        Answer on(Progress progress);
    }

    /** Work that somebody looks on, and may turn away from. */
    private Answer attended(Work work) {
        try (Meter meter = new Meter(err, Boolean.getBoolean("dnd4j.terminal"), () -> left || ending)) {
            return work.on(meter);
        } catch (Stopped e) {
            return Answer.complaint(Console.DONE, e.getMessage());
        }
    }

    private void tell(int line, PrintStream to, Answer answer) {
        answer.print(to, err);
        verdict.of(line, answer.code());
    }

    /** Something that whoever sits here should know, on one line, at the next occasion. */
    public void hear(String line) {
        LOG.info(line);
        synchronized (heard) {
            heard.add(line);
            if (heard.size() > HEARD) {
                heard.remove();
            }
        }
    }

    /** What was heard, and what happened to jobs, since the last call, a line each. */
    public List<String> news() {
        List<String> news = new ArrayList<>();
        synchronized (heard) {
            news.addAll(heard);
            heard.clear();
        }
        news.addAll(jobs.news());
        return news;
    }

    /** Prints what jobs have answered since the last call, for a reader who gets everything in one stream. */
    public void answers() {
        news().forEach(err::println);
        for (Job job : jobs.all()) {
            Answer answer = job.takeAnswer();
            if (answer != null && !answer.out().isEmpty()) { // a complaint was among the news
                answer.print(out, err);
            }
        }
    }

    /** Waits for every job, showing how far each is, and prints their answers. */
    public void finish() {
        for (Job job : jobs.all()) {
            if (!job.ended()) {
                err.println("dnd4j: waiting for job " + job.id + ": " + job.line);
                try (Meter meter = new Meter(err, Boolean.getBoolean("dnd4j.terminal"), () -> ending)) {
                    job.watch(meter);
                }
            }
            answers();
        }
    }

    /** Asks all jobs to end, and waits until each has left things in order. */
    @Override
    public void close() {
        stop();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            return; // the end has begun in this very moment
        }
    }

    /** The JVM is asked to end. */
    private void hang() {
        ending = true;
        err.println();
        err.println("dnd4j: stopping");
        stop();
    }

    private void stop() {
        for (Job job : jobs.stop()) {
            err.println("dnd4j: stopping job " + job.id + ": " + job.line);
        }
        for (Job job : jobs.all()) {
            if (!job.settle(Progress.NONE)) {
                err.println("dnd4j: job " + job.id + " takes no notice and is abandoned: " + job.line);
            }
            news().forEach(err::println);
        }
    }

    private List<Verb> fresh() {
        return Verbs.all(plugins, () -> jobs, log);
    }
}
