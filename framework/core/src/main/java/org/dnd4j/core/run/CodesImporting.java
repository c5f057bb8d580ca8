package org.dnd4j.core.run;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import org.dnd4j.core.Progress;
import org.dnd4j.core.code.CodeImport;
import org.dnd4j.core.experiment.Experiment;
import org.dnd4j.core.experiment.ExperimentReader;
import org.dnd4j.core.experiment.Plugins;
import org.dnd4j.core.image.ImageNet;
import org.dnd4j.core.json.Json;
import org.dnd4j.core.published.Labels;
import org.dnd4j.spi.UserError;

/**
 * Codes that others extracted → a run whose transformer can learn them (REFERENCE C). It has no pictures, and no tokenizer
 * but that of a run which is said to have made the codes; without one it can be trained and not sampled.
 */
final class CodesImporting {
    private final CodesAsked asked;
    private final Plugins plugins;
    private final RunDirectory target;
    private final RunDirectory tokenizer;
    private final Progress progress;

    CodesImporting(CodesAsked asked, Plugins plugins, RunDirectory target, RunDirectory tokenizer, Progress progress) {
        this.asked = asked;
        this.plugins = plugins;
        this.target = target;
        this.tokenizer = tokenizer;
        this.progress = progress;
    }

    /**
     * Makes the run.
     *
     * @return its code file
     * @throws UserError if there is one of that name, or the codes do not fit the experiment; nothing is left then
     */
    Path run() {
        Beside.free(target);
        CodeImport codes = CodeImport.of(asked.folders());
        int count = asked.classes() != null ? asked.classes() : codes.labelled() ? ImageNet.SIZE : 1;
        List<String> classes = asked.labels() != null ? Labels.read(asked.labels()) : Labels.of(count);
        Experiment experiment = experiment(codes);
        experiment.model(classes); // what it cannot learn is said before a million files are read
        return Beside.make(target, made -> {
            String hash = "";
            if (tokenizer != null) {
                Files.copy(tokenizer.tokenizer(), made.tokenizer(), StandardCopyOption.REPLACE_EXISTING);
                hash = Headers.hash(made.tokenizer());
            }
            List<Integer> sizes = experiment.tokenizer().space().sizes();
            codes.write(made.codes(), sizes, classes, hash, asked.heldOut(), progress);
            made.write(made.experiment(), ExperimentReader.write(experiment));
            return target.codes();
        });
    }

    /** The experiment without pictures, and with the tokenizer as it is; its side follows from the grid of the codes. */
    private Experiment experiment(CodeImport codes) {
        ExperimentReader reader = new ExperimentReader(plugins);
        if (tokenizer != null && !Files.exists(tokenizer.tokenizer())) {
            throw new UserError(tokenizer.tokenizer() + ": is not there, so it made no codes");
        }
        Path file = asked.config() == null ? tokenizer.experiment() : Path.of(asked.config());
        Experiment theirs = tokenizer == null
                ? reader.read(file, asked.settings())
                : reader.read(tokenizer.experiment(), List.of());
        if (codes.height() != codes.width()) {
            throw new UserError(asked.folders().get(0) + ": holds codes of " + codes.height() + "×" + codes.width()
                    + " places: only squares can be learnt");
        }
        Map<String, Object> tree = Opening.tree(file, reader);
        Map<String, Object> plan = Opening.object(
                tokenizer == null ? tree.get("tokenizer") : Opening.tree(tokenizer.experiment(), reader).get("tokenizer"));
        plan.put("training", null);
        tree.put("tokenizer", plan);
        tree.put("name", asked.name());
        tree.put("data", null);
        tree.put("side", (long) codes.height() * theirs.tokenizer().autoencoder().plugin().factor());
        Experiment experiment = reader.parse(Json.line(tree), file.toString(), asked.settings());
        if (experiment.learner().steps() == 0) {
            throw new UserError(file + ": transformer.training is missing: say how the codes are learnt, as in"
                    + " --set transformer.training.steps=1000");
        } else if (experiment.tokenizer().depth() != codes.depth()) {
            throw new UserError(asked.folders().get(0) + ": holds " + codes.depth()
                    + " codes a place, and tokenizer.depth is " + experiment.tokenizer().depth());
        } else if (experiment.grid() != codes.height()) {
            throw new UserError(asked.folders().get(0) + ": holds codes of " + codes.height() + "×" + codes.width()
                    + " places, and the experiment's pictures have " + experiment.grid() + "×" + experiment.grid());
        }
        return experiment;
    }
}
