package org.dnd4j.core.cli;

import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.dnd4j.core.Progress;
import org.dnd4j.core.guard.Strays;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "jobs",
        description = {
            "In a console: lists the jobs, what each is at, how fast, and how long it will take; times are UTC.",
            "Given one, also its last note and its warnings. Below them stand the threads that were abandoned because a"
                    + " plugin did not return, and where it stays; what they use is freed when they come back."
        })
final class JobsVerb implements Verb {
    /**
     * One job, as scripts see it: {@code rate} in units a second, {@code left} in seconds; null if it cannot be told. An
     * abandoned thread has no number; its stage is what it does not return from.
     */
    record Row(
            Integer job, String line, String state, String stage, Long done, Long total, Double rate, Double left, String since) {
        static Row of(Strays.Stray stray) {
            return new Row(
                    null,
                    stray.job(),
                    stray.there() ? "abandoned" : "came back",
                    stray.plugin() + "@" + stray.version() + " " + stray.method(),
                    null,
                    null,
                    null,
                    null,
                    Job.time(stray.since()));
        }
    }

    /** One job and all that is known of it. */
    record Detail(int job, String line, String state, String at, String result, List<String> warnings, String since) {}

    /** One job, as people see it. */
    record Shown(Integer job, String state, String stage, String done, String rate, String left, String since, String line) {
        static Shown of(Row row) {
            return new Shown(
                    row.job,
                    row.state,
                    row.stage,
                    row.done == null ? "" : row.done + (row.total == null ? "" : "/" + row.total),
                    row.rate == null ? "" : String.format(Locale.ROOT, "%.3g/s", row.rate),
                    row.left == null ? "" : Pace.clock(row.left),
                    row.since,
                    row.line);
        }
    }

    @Parameters(arity = "0..1", paramLabel = "JOB", description = "Its number.")
    Integer job;

    private final Supplier<Jobs> jobs;

    JobsVerb(Supplier<Jobs> jobs) {
        this.jobs = jobs;
    }

    @Override
    public Object run(Progress progress) {
        if (job != null) {
            return jobs.get().of(job).detail();
        }
        return Stream.concat(jobs.get().all().stream().map(Job::row), Strays.all().stream().map(Row::of)).toList();
    }

    @Override
    public String text(Object answer) {
        return answer instanceof List<?> rows
                ? Table.of(rows.stream().map(r -> Shown.of((Row) r)).toList())
                : Table.of(answer);
    }
}
