package org.dnd4j.core.check;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.dnd4j.core.Progress;
import org.dnd4j.core.Stopped;
import org.dnd4j.spi.UserError;
import org.dnd4j.torch.Precision;
import org.dnd4j.torch.Scope;
import org.dnd4j.torch.Torch;

/**
 * Runs recorded cases and says how far each is off. A case's kind is told from what its manifest holds, never from its
 * name; one of no known kind is listed and neither passes nor fails.
 */
public final class Check {
    private static final List<Kind> KINDS = List.of(
            new TrainingCase(),
            new DecodeCase(),
            new TeacherCase(),
            new LlamaGenCase(),
            new FilterCase(),
            new RotaryCase(),
            new TokenizerCase(),
            new DirectionsCase(),
            new BlockCase(),
            new TableCase(),
            new ResizeCase(),
            new ScheduleCase(),
            new ContainerCase(),
            new LayoutCase());

    private Check() {}

    /** Makes plugins from their settings; the reader of experiments does. */
    public interface Maker {
        /** The plugin of that name with these settings. */
        <T> T plugin(Class<T> spi, String reference, Map<String, ?> settings);
    }

    /** What a case is run with. */
    record Machine(Torch torch, Precision precision, Maker plugins) {
        /** What training computes in: models that serve in fewer bits are trained in bfloat16. */
        Precision training() {
            return precision == Precision.FLOAT32 ? Precision.FLOAT32 : Precision.BFLOAT16;
        }
    }

    /** How one sort of case is recognised and run. */
    interface Kind {
        /** In a word or two, for the table. */
        String name();

        /** Whether a case is of this kind, judged by its arrays and its configuration. */
        boolean fits(Case c);

        /** Computes what the case recorded and hands it to {@code findings}. */
        void run(Case c, Machine machine, Findings findings);
    }

    /**
     * One case.
     *
     * @param name of its folder
     * @param kind what it is, or {@code unknown}
     * @param passed null if its kind is unknown
     * @param worst the deviation that is largest against its tolerance; for codes, the share that differs
     * @param tolerance what would have been allowed there
     * @param note where the worst one is, and shares of equal codes
     */
    public record Row(String name, String kind, Boolean passed, double worst, double tolerance, String note) {
        /** The row as {@code check --json} prints it. */
        public Map<String, Object> fields() {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("case", name);
            fields.put("kind", kind);
            fields.put("passed", passed);
            fields.put("worst", worst);
            fields.put("tolerance", tolerance);
            fields.put("note", note);
            return fields;
        }
    }

    /** All cases, in order of their names. */
    public record Result(List<Row> rows) {
        /** How many have passed. */
        public long passed() {
            return rows.stream().filter(r -> Boolean.TRUE.equals(r.passed())).count();
        }

        /** How many have failed. */
        public long failed() {
            return rows.stream().filter(r -> Boolean.FALSE.equals(r.passed())).count();
        }

        /** {@code {passed, failed, unknown, cases: […]}}, as {@code check --json} prints it. */
        public Map<String, Object> fields() {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("passed", passed());
            fields.put("failed", failed());
            fields.put("unknown", rows.size() - passed() - failed());
            fields.put("cases", rows.stream().map(Row::fields).toList());
            return fields;
        }
    }

    /**
     * Runs every case in a folder, or the one that the folder is.
     *
     * @param cases a folder of folders with {@code manifest.json}; null for the set that ships inside
     * @throws UserError if there is no case
     * @throws Stopped if it was asked to end: cases that were not run have not passed
     */
    public static Result run(Path cases, Torch torch, Precision precision, Maker plugins, Progress progress) {
        if (cases == null) {
            try (Shipped shipped = Shipped.unpack()) {
                return run(shipped.folder(), torch, precision, plugins, progress);
            }
        }
        List<Path> folders = folders(cases);
        List<Row> rows = new ArrayList<>();
        progress.stage("check", folders.size(), "case");
        for (Path folder : folders) {
            if (progress.stopped()) {
                throw new Stopped("stopped after " + rows.size() + " of " + folders.size()
                        + " cases; the same command checks again");
            }
            rows.add(run(folder, new Machine(torch, precision, plugins)));
            progress.at(rows.size(), folder.getFileName().toString());
        }
        return new Result(List.copyOf(rows));
    }

    private static Row run(Path folder, Machine machine) {
        String kind = "unreadable";
        try (Scope scope = machine.torch().scope()) {
            Case c = Case.read(folder);
            Kind known = KINDS.stream().filter(k -> k.fits(c)).findFirst().orElse(null);
            if (known == null) {
                return new Row(c.name(), "unknown", null, 0, 0, String.valueOf(c.manifest().getOrDefault("description", "")));
            }
            kind = known.name();
            Findings findings = new Findings(c, machine.precision());
            known.run(c, machine, findings);
            return findings.row(kind);
        } catch (RuntimeException e) {
            String reason = e instanceof UserError ? e.getMessage() : e.toString();
            return new Row(
                    folder.getFileName().toString(), kind, false, Double.POSITIVE_INFINITY, 0, reason.lines().findFirst().orElse(""));
        }
    }

    private static List<Path> folders(Path cases) {
        if (Files.isRegularFile(cases.resolve("manifest.json"))) {
            return List.of(cases.toAbsolutePath().normalize());
        }
        try (Stream<Path> inside = Files.list(cases)) {
            List<Path> folders = inside.filter(f -> Files.isRegularFile(f.resolve("manifest.json")))
                    .map(f -> f.toAbsolutePath().normalize())
                    .sorted()
                    .toList();
            if (!folders.isEmpty()) {
                return folders;
            }
        } catch (IOException e) {
            throw new UserError(cases + ": is not a folder that can be read", e);
        }
        throw new UserError(cases + ": holds no case, no folder with a manifest.json");
    }
}
