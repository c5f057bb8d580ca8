package org.dnd4j.core.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.dnd4j.core.Progress;
import org.dnd4j.core.guard.Guard;
import org.dnd4j.core.guard.Identity;
import org.dnd4j.core.guard.Worker;
import org.dnd4j.spi.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class JobsTest {
    private final Jobs jobs = new Jobs();
    private final List<Integer> codes = new ArrayList<>();

    private Job start(String line, Function<Progress, Answer> work) {
        return jobs.start(line, work, codes::add);
    }

    private Job done(String line) {
        Job job = start(line, progress -> new Answer(0, "said\n", "", line + " is there"));
        job.watch(Progress.NONE);
        return job;
    }

    /** Works until it is asked to end. */
    private static Answer patient(Progress progress) {
        progress.stage("turning", 10, "turn");
        progress.at(4, "fine");
        return untilStopped(progress);
    }

    private static Answer untilStopped(Progress progress) {
        while (!progress.stopped()) {
            Thread.onSpinWait();
        }
        return Answer.complaint(Console.STOPPED, "stopped after turn 4");
    }

    @Test
    void anEndIsNewsOnceAndTheAnswerIsKept() {
        Job job = done("a");
        assertEquals(List.of("job 1 done after 0:00: a: a is there"), jobs.news());
        assertEquals(List.of(), jobs.news());
        assertEquals("said\n", job.takeAnswer().out());
        assertNull(job.takeAnswer());
        assertEquals(List.of(0), codes);
    }

    @Test
    void whoSawTheAnswerNeedsNoNews() {
        done("a").takeAnswer();
        assertEquals(List.of(), jobs.news());
    }

    @Test
    void aFailureSaysWhy() {
        start("b", progress -> Answer.complaint(Console.FAILED, "no such run")).watch(Progress.NONE);
        assertEquals(List.of("job 1 failed after 0:00: b: no such run"), jobs.news());
        assertEquals(List.of(1), codes);
    }

    @Test
    void aJobShowsWhereItIsAndStopsWhenAsked() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        Job job = start("c", progress -> {
            progress.stage("turning", 10, "turn");
            progress.at(4, "fine");
            progress.warn("wobbles");
            begun.countDown();
            return untilStopped(progress);
        });
        begun.await();
        assertEquals("running", job.state());
        assertEquals("turning", job.row().stage());
        assertEquals(List.of(4L, 10L), List.of(job.row().done(), job.row().total()));
        assertTrue(job.detail().at().endsWith("fine"), job.detail().at());
        assertEquals(List.of("wobbles"), job.detail().warnings());
        assertEquals(List.of("job 1: warning: wobbles"), jobs.news());
        job.stop();
        assertTrue(job.settle(Progress.NONE));
        assertEquals("stopped", job.state());
        assertEquals("stopped after turn 4", job.detail().result());
        assertEquals(List.of(), codes, "an end that was asked for is no failure");
    }

    @Test
    void whoWatchesMayTurnAwayAndTheJobGoesOn() {
        Job job = start("d", JobsTest::patient);
        List<Long> seen = new ArrayList<>();
        Progress watcher = new Progress() {
            @Override
            public void stage(String name, long total, String unit) {
                seen.add(total);
            }

            @Override
            public void at(long done, String note) {
                seen.add(done);
            }

            @Override
            public boolean stopped() {
                return seen.size() >= 2;
            }
        };
        assertFalse(job.watch(watcher));
        assertEquals(List.of(10L, 4L), seen);
        assertEquals("running", job.state());
        job.stop();
        assertTrue(job.settle(Progress.NONE));
    }

    @Test
    void warningsAndEndedJobsAreBounded() {
        Job chatty = start("e", progress -> {
            for (int i = 0; i < 1000; i++) {
                progress.warn("w" + i);
            }
            return new Answer(0, "", "", "");
        });
        chatty.watch(Progress.NONE);
        assertEquals(20, chatty.detail().warnings().size());
        assertEquals("w999", chatty.detail().warnings().get(19));
        assertTrue(jobs.news().size() <= 21);
        for (int i = 0; i < 2 * Jobs.KEPT; i++) {
            done("f" + i);
        }
        assertTrue(jobs.all().size() > Jobs.KEPT, "nobody has heard of them yet");
        jobs.news();
        done("last");
        assertEquals(Jobs.KEPT + 1, jobs.all().size());
        assertThrows(UserError.class, () -> jobs.of(1));
    }

    @Test
    @Timeout(20)
    void workThatThrowsHasAnEndToo() {
        Job job = start("i", progress -> {
            throw new StackOverflowError("deep");
        });
        assertTrue(job.watch(Progress.NONE));
        assertEquals("failed", job.state());
        assertEquals("unexpected StackOverflowError: deep", job.answer().gist());
        assertEquals(List.of(1), codes);
    }

    @Test
    void aJobThatIsStoppedWhileSomebodyWaitsForItSaysSo() throws InterruptedException {
        CountDownLatch asked = new CountDownLatch(1);
        Job job = start("j", progress -> {
            asked.countDown();
            return patient(progress);
        });
        asked.await();
        StopVerb stop = new StopVerb(() -> jobs);
        stop.job = job.id;
        Thread other = new Thread(() -> {
            job.watch(Progress.NONE);
            job.takeAnswer();
        });
        other.start();
        assertEquals("job 1 stopped: stopped after turn 4", stop.run(Progress.NONE));
        other.join();
    }

    @Test
    void aClosingConsoleBeginsNothing() {
        Job job = start("g", JobsTest::patient);
        assertEquals(List.of(job), jobs.stop());
        assertTrue(job.settle(Progress.NONE));
        assertThrows(UserError.class, () -> start("h", JobsTest::patient));
    }

    @Test
    void aJobThatIsNotThereIsNamed() {
        assertEquals("there is no job 7: there are none", assertThrows(UserError.class, () -> jobs.of(7)).getMessage());
    }

    @Test
    void abandonedThreadsAreListed() throws Exception {
        CountDownLatch back = new CountDownLatch(1);
        Identity plugin = Identity.of(null, "sleepyhead", "1.0.0");
        assertThrows(UserError.class, () -> Worker.patiently("run z", 0.01, () -> Guard.during(plugin, "next", () -> {
            try {
                back.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return null;
        })));
        assertEquals("abandoned", stray().state());
        assertEquals("sleepyhead@1.0.0 next", stray().stage());
        assertEquals("run z", stray().line());
        back.countDown();
        while (stray().state().equals("abandoned")) {
            Thread.sleep(5);
        }
        assertEquals("came back", stray().state());
    }

    private JobsVerb.Row stray() {
        return ((List<?>) new JobsVerb(() -> jobs).run(Progress.NONE))
                .stream().map(JobsVerb.Row.class::cast).filter(r -> r.stage().startsWith("sleepyhead")).findFirst().orElseThrow();
    }
}
