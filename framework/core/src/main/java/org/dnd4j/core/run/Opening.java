package org.dnd4j.core.run;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dnd4j.core.experiment.Experiment;
import org.dnd4j.core.experiment.ExperimentReader;
import org.dnd4j.core.experiment.Plugins;
import org.dnd4j.core.json.Json;
import org.dnd4j.spi.UserError;

/**
 * Which experiment a verb works on, and where: a run that is there, one that is to be made of a configuration, or one that
 * begins with what another run has learnt.
 *
 * @param directory the run's
 * @param experiment what is done in it
 * @param from the run whose weights this one begins with, or null
 */
record Opening(RunDirectory directory, Experiment experiment, RunDirectory from) {

    /**
     * What a verb was asked for.
     *
     * @param config the file of an experiment, or the name of a run; null for that of {@code from}
     * @param settings changes of it
     * @param name of the run; null for the experiment's
     * @param from the run to begin with; null for none
     */
    record Asked(String config, List<String> settings, String name, String from) {}

    /** Of a configuration; a directory holds one experiment. */
    static Opening ofFile(Asked asked, Plugins plugins, Path runs) {
        Experiment read = new ExperimentReader(plugins).read(Path.of(asked.config()), asked.settings());
        Experiment experiment = asked.name() == null ? read : read.named(asked.name());
        RunDirectory directory = new RunDirectory(runs.resolve(experiment.name()));
        if (Files.exists(directory.experiment())) {
            same(directory, written(directory.experiment(), plugins), Json.write(experiment), false);
        }
        return new Opening(directory, experiment, null);
    }

    /**
     * Of a run that is there. What its experiment leaves open, as that of an imported run does, can be given; but what has
     * weights is not trained in place.
     */
    static Opening ofRun(RunDirectory directory, List<String> settings, Plugins plugins) {
        Experiment experiment = new ExperimentReader(plugins).read(directory.experiment(), settings);
        if (!settings.isEmpty()) {
            same(directory, written(directory.experiment(), plugins), Json.write(experiment), true);
            Experiment there = new ExperimentReader(plugins).read(directory.experiment(), List.of());
            untrained(directory.tokenizer(), there.tokenizer().steps(), experiment.tokenizer().steps(), "train-tokenizer");
            if (there.transformer() != null) {
                untrained(directory.transformer(), there.transformer().steps(), experiment.transformer().steps(), "train");
            }
        }
        return new Opening(directory, experiment, null);
    }

    private static void untrained(Path weights, int before, int asked, String verb) {
        if (before == 0 && asked > 0 && Files.exists(weights)) {
            String run = weights.toAbsolutePath().getParent().getFileName().toString();
            throw new UserError(weights + ": was imported and stays as it is: '" + verb + " --from " + run
                    + " --name NAME' trains it further, in a run of its own");
        }
    }

    /**
     * Of a run that begins where another one ended: the experiment of a configuration, or else that of the other run.
     *
     * @param tokenizer whether the other's tokenizer is taken as it is, so that only the transformer is trained
     */
    static Opening from(RunDirectory other, Asked asked, boolean tokenizer, Plugins plugins, Path runs) {
        ExperimentReader reader = new ExperimentReader(plugins);
        String theirs = other.path().getFileName().toString();
        if (asked.name() == null && asked.config() == null) {
            throw new UserError("--from " + theirs + ": give the new run a name, with --name");
        }
        Path file = asked.config() == null ? other.experiment() : Path.of(asked.config());
        Map<String, Object> tree = tree(file, reader);
        if (asked.name() != null) {
            tree.put("name", asked.name());
        }
        if (set(asked, "tokenizer.decomposition")) {
            follow(tree);
        }
        if (tokenizer) {
            Map<String, Object> plan = object(tree(other.experiment(), reader).get("tokenizer"));
            plan.put("training", null);
            tree.put("tokenizer", plan);
        } else if (!set(asked, "tokenizer.codebooks.start")) {
            Map<String, Object> plan = object(tree.get("tokenizer"));
            Map<String, Object> codebooks = object(plan.get("codebooks"));
            codebooks.put("start", "kept");
            plan.put("codebooks", codebooks);
            tree.put("tokenizer", plan);
        }
        Experiment experiment = reader.parse(Json.line(tree), file.toString(), asked.settings());
        RunDirectory directory = new RunDirectory(runs.resolve(experiment.name()));
        if (directory.path().equals(other.path())) {
            throw new UserError("--from " + theirs + ": the new run cannot be called so too: give it another --name");
        }
        if (Files.exists(directory.experiment())) {
            same(directory, written(directory.experiment(), plugins), Json.write(experiment), false);
        }
        return new Opening(directory, experiment, other);
    }

    /** Whether a setting gives this field, or one of its own. */
    private static boolean set(Asked asked, String field) {
        return asked.settings().stream().anyMatch(s -> s.startsWith(field + "=") || s.startsWith(field + "."));
    }

    /** Leaves open what follows from the decomposition where nobody says it, as another decomposition is coming. */
    private static void follow(Map<String, Object> tree) {
        object(tree.get("tokenizer")).remove("beam");
        if (tree.get("transformer") instanceof Map<?, ?>) {
            object(tree.get("transformer")).remove("embeddings");
        }
    }

    /** An experiment as a map that can be changed, every default filled in. */
    static Map<String, Object> tree(Path file, ExperimentReader reader) {
        return object(Json.read(Json.line(reader.read(file, List.of())), file.toString()));
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> object(Object value) {
        return value instanceof Map<?, ?> map ? (Map<String, Object>) map : new LinkedHashMap<>();
    }

    private static String written(Path file, Plugins plugins) {
        return Json.write(new ExperimentReader(plugins).read(file, List.of()));
    }

    /** Whether the directory's experiment is the one asked for, or leaves open what is asked for. */
    private static void same(RunDirectory directory, String there, String asked, boolean open) {
        String difference = difference("", Json.read(there, ""), Json.read(asked, ""), open);
        if (difference != null) {
            throw new UserError(directory.path() + ": was made with another configuration (" + difference
                    + "): choose another --name, or delete it");
        }
    }

    /** The first difference in words, or null. */
    private static String difference(String key, Object there, Object asked, boolean open) {
        if (there == null && open) {
            return null;
        }
        if (there instanceof Map<?, ?> a && asked instanceof Map<?, ?> b && a.keySet().equals(b.keySet())) {
            return a.keySet().stream()
                    .map(k -> difference((String) k, a.get(k), b.get(k), open))
                    .filter(d -> d != null)
                    .findFirst()
                    .orElse(null);
        }
        if (there == null ? asked == null : there.equals(asked)) {
            return null;
        }
        return "there \"" + key + "\" : " + Json.line(there) + ", asked for \"" + key + "\" : " + Json.line(asked);
    }
}
