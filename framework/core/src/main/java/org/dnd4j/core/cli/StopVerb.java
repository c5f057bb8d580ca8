package org.dnd4j.core.cli;

import java.util.function.Supplier;
import org.dnd4j.core.Progress;
import org.dnd4j.spi.UserError;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "stop",
        description = {
            "In a console: asks a job to end as Ctrl-C asks a verb, and says what was kept.",
            "The job's own line takes it up again."
        })
final class StopVerb implements Verb {
    @Parameters(paramLabel = "JOB", description = "Its number, as 'jobs' lists it.")
    int job;

    private final Supplier<Jobs> jobs;

    StopVerb(Supplier<Jobs> jobs) {
        this.jobs = jobs;
    }

    @Override
    public String run(Progress progress) {
        Job stopped = jobs.get().of(job);
        if (stopped.ended()) {
            throw new UserError("job " + job + " has ended: " + stopped.answer().gist());
        }
        stopped.stop();
        if (stopped.settle(progress)) {
            stopped.takeAnswer(); // null if somebody else waited for it
            return "job " + job + " " + stopped.state() + ": " + stopped.answer().gist();
        } else if (progress.stopped()) {
            return "job " + job + " is stopping";
        }
        throw new UserError("job " + job + " was asked to stop and takes no notice so far; 'jobs' shows when it does");
    }
}
