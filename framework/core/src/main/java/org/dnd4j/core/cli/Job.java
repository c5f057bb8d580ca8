package org.dnd4j.core.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.IntConsumer;
import org.dnd4j.core.Progress;
import org.dnd4j.core.Why;

/** Work in the background of a console, and what is known of it while it lasts and after. */
final class Job implements Progress {
    /** Warnings that are kept; a run of days must not fill the memory with them. */
    private static final int WARNINGS = 20;

    final int id;
    final String line;
    final Instant since = Instant.now();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Deque<String> warnings = new ArrayDeque<>();
    private final List<String> untold = new ArrayList<>();
    private Pace pace;
    private Progress watcher = Progress.NONE;
    private Answer answer;
    private double seconds;
    private boolean answered;
    private boolean announced;
    private volatile boolean stopping;
    private volatile boolean noticed;

    Job(int id, String line) {
        this.id = id;
        this.line = line;
    }

    /** Does the work on a thread of its own, and tells {@code code} how it ended unless somebody had asked for an end. */
    void start(Function<Progress, Answer> work, IntConsumer code) {
        Thread thread = new Thread(() -> end(done(work), code), "job-" + id);
        thread.setDaemon(true); // the console waits for those that take notice; nobody can wait for the others
        thread.start();
    }

    /** Whatever happens, it has an end: somebody waits for it. */
    private Answer done(Function<Progress, Answer> work) {
        try {
            return work.apply(this);
        } catch (RuntimeException | Error e) {
            return Answer.complaint(Console.FAILED, "unexpected " + e.getClass().getSimpleName() + ": " + Why.said(e));
        }
    }

    private synchronized void end(Answer with, IntConsumer code) {
        answer = with;
        if (!stopping) {
            code.accept(with.code());
        }
        seconds = Duration.between(since, Instant.now()).toMillis() / 1e3;
        ended.countDown();
    }

    @Override
    public synchronized void stage(String name, long total, String unit) {
        pace = new Pace(name, total, unit);
        watcher.stage(name, total, unit);
    }

    @Override
    public synchronized void at(long done, String note) {
        pace.at(done, note);
        watcher.at(done, note);
    }

    @Override
    public synchronized void warn(String what) {
        warnings.add(what);
        if (warnings.size() > WARNINGS) {
            warnings.remove();
        }
        if (untold.size() < WARNINGS) {
            untold.add(what);
        }
        watcher.warn(what);
    }

    @Override
    public boolean stopped() {
        noticed |= stopping;
        return stopping;
    }

    /** Asks for an end, as Ctrl-C does. */
    void stop() {
        stopping = true;
    }

    /** Waits for the end of a job that was asked to end; not for one that takes no notice. Whether it has ended. */
    boolean settle(Progress waiting) {
        long asked = System.nanoTime();
        while (!await()) {
            boolean patient = noticed || System.nanoTime() - asked < TimeUnit.SECONDS.toNanos(StopSignal.PATIENCE);
            if (!patient || waiting.stopped()) {
                return false;
            }
        }
        return true;
    }

    /** Shows the work to {@code progress} until it ends or {@code progress} has had enough. Whether it has ended. */
    boolean watch(Progress progress) {
        synchronized (this) {
            if (pace != null && !ended()) {
                progress.stage(pace.name, pace.total, pace.unit);
                if (pace.moved()) {
                    progress.at(pace.done(), pace.note());
                }
            }
            watcher = progress;
        }
        try {
            while (!await()) {
                if (progress.stopped()) {
                    return false;
                }
            }
            return true;
        } finally {
            synchronized (this) {
                watcher = Progress.NONE;
            }
        }
    }

    private boolean await() {
        try {
            return ended.await(50, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ended();
        }
    }

    boolean ended() {
        return ended.getCount() == 0;
    }

    /** {@code running}, {@code stopping}, {@code done}, {@code failed} or {@code stopped}. */
    synchronized String state() {
        if (!ended()) {
            return stopping ? "stopping" : "running";
        }
        return answer.code() == Console.DONE ? "done" : answer.code() == Console.STOPPED ? "stopped" : "failed";
    }

    /** Null while it works. */
    synchronized Answer answer() {
        return answer;
    }

    /** The answer, for someone who prints it, once; null if there is none yet or someone has had it. */
    synchronized Answer takeAnswer() {
        if (answer == null || answered) {
            return null;
        }
        answered = true;
        announced = true;
        return answer;
    }

    /** Whether nobody has to hear of it any more. */
    synchronized boolean told() {
        return announced;
    }

    /** What happened since it was last asked, a line each. */
    synchronized List<String> news() {
        List<String> news = new ArrayList<>();
        untold.forEach(w -> news.add("job " + id + ": warning: " + w));
        untold.clear();
        if (ended() && !announced) {
            announced = true;
            String gist = answer.gist().isEmpty() ? "'wait " + id + "' shows its answer" : answer.gist();
            news.add("job " + id + " " + state() + " after " + Pace.clock(seconds) + ": " + line + ": " + gist);
        }
        return news;
    }

    synchronized JobsVerb.Row row() {
        boolean going = !ended() && pace != null;
        return new JobsVerb.Row(
                id,
                line,
                state(),
                going ? pace.name : "",
                going && pace.moved() ? pace.done() : null,
                going && pace.total > 0 ? pace.total : null,
                going && pace.rate() > 0 ? pace.rate() : null,
                going && pace.left() >= 0 ? pace.left() : null,
                time(since));
    }

    synchronized JobsVerb.Detail detail() {
        String gist = answer == null ? "" : answer.gist();
        String note = !ended() && pace != null ? pace.line() : "";
        return new JobsVerb.Detail(id, line, state(), note, gist, List.copyOf(warnings), row().since());
    }

    /** A moment to the second, UTC. */
    static String time(Instant moment) {
        return moment.toString().replaceFirst("\\..*|Z$", "").replace('T', ' ');
    }
}
