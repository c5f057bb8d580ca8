package org.dnd4j.core.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntConsumer;
import org.dnd4j.core.Progress;
import org.dnd4j.core.json.Nearest;
import org.dnd4j.spi.UserError;

/** The jobs of a console: those at work, and the last of those that have ended. */
final class Jobs {
    /** Ended jobs that are kept. */
    static final int KEPT = 50;

    private final List<Job> jobs = new ArrayList<>();
    private int last;
    private boolean closed;

    /** Starts work on a thread of its own; {@code code} is told how it ended, unless it was asked to end. */
    synchronized Job start(String line, Function<Progress, Answer> work, IntConsumer code) {
        if (closed) {
            throw new UserError("this console is closing; nothing new is begun");
        }
        Job job = new Job(++last, line);
        jobs.add(job);
        forget();
        job.start(work, code);
        return job;
    }

    /** The oldest ended ones go; one of which nobody has heard stays until somebody has. */
    private void forget() {
        List<Job> ended = jobs.stream().filter(j -> j.ended() && j.told()).toList();
        jobs.removeAll(ended.subList(0, Math.max(0, ended.size() - KEPT)));
    }

    synchronized List<Job> all() {
        return List.copyOf(jobs);
    }

    List<Job> running() {
        return all().stream().filter(j -> !j.ended()).toList();
    }

    /**
     * The job of that number.
     *
     * @throws UserError naming those that there are
     */
    Job of(int id) {
        List<Job> all = all();
        return all.stream().filter(j -> j.id == id).findFirst().orElseThrow(() -> new UserError("there is no job " + id
                + Nearest.among(String.valueOf(id), all.stream().map(j -> String.valueOf(j.id)).toList())));
    }

    /** What happened since the last call, a line each. */
    List<String> news() {
        return all().stream().flatMap(j -> j.news().stream()).toList();
    }

    /** Asks all to end and begins no more; returns those that were at work. */
    List<Job> stop() {
        synchronized (this) {
            closed = true;
        }
        List<Job> running = running();
        running.forEach(Job::stop);
        return running;
    }
}
