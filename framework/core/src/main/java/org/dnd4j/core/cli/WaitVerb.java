package org.dnd4j.core.cli;

import java.util.function.Supplier;
import org.dnd4j.core.Progress;
import org.dnd4j.core.Stopped;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "wait",
        description = {
            "In a console: shows how far a job is until it ends, and then its answer.",
            "Ctrl-C returns to the prompt; the job goes on."
        })
final class WaitVerb implements Verb {
    @Parameters(paramLabel = "JOB", description = "Its number, as 'jobs' lists it.")
    int job;

    private final Supplier<Jobs> jobs;

    WaitVerb(Supplier<Jobs> jobs) {
        this.jobs = jobs;
    }

    @Override
    public Answer run(Progress progress) {
        return answer(jobs.get().of(job), progress);
    }

    /** The answer of a job, as soon as there is one. */
    static Answer answer(Job job, Progress progress) {
        if (!job.watch(progress)) {
            throw new Stopped("job " + job.id + " goes on; 'wait " + job.id + "' shows it again");
        }
        job.takeAnswer();
        return job.answer();
    }
}
