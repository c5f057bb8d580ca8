package org.dnd4j.core.run;

import com.google.inject.Inject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.dnd4j.core.Progress;
import org.dnd4j.core.experiment.Experiment;
import org.dnd4j.core.published.Export;
import org.dnd4j.core.published.Family;
import org.dnd4j.core.train.Checkpoint;
import org.dnd4j.core.train.Piece;
import org.dnd4j.spi.UserError;
import org.dnd4j.torch.Precision;

/** A run → files under published names, which hold all that it takes to import them again. */
final class Exporting {
    private final Experiment experiment;
    private final RunDirectory directory;
    private final Models models;
    private final Progress progress;

    @Inject
    Exporting(Experiment experiment, RunDirectory directory, Models models, Progress progress) {
        this.experiment = experiment;
        this.directory = directory;
        this.models = models;
        this.progress = progress;
    }

    /**
     * Writes what the run has of tokenizer and transformer.
     *
     * @throws UserError if it has neither, or a generator in the transformer's place
     */
    List<Path> write(Path folder) {
        if (experiment.transformer() != null && experiment.transformer().generator() != null) {
            throw new UserError("generator '" + experiment.transformer().generator().name() + "' has names that nobody"
                    + " publishes, so its run cannot be exported: " + directory.transformer()
                    + " is safetensors as it is");
        }
        List<Path> files = new ArrayList<>();
        if (Files.exists(directory.tokenizer())) {
            Checkpoint from = Checkpoint.open(directory.tokenizer());
            Export export = export(from);
            List<Piece> pieces = export.tokenizer(from.pieces(models.tokenizer().weights()));
            files.add(write(folder.resolve("tokenizer.safetensors"), export, List.of(), pieces, from));
        }
        if (experiment.transformer() != null && Files.exists(directory.transformer())) {
            Checkpoint from = Checkpoint.open(directory.transformer());
            Export export = export(from);
            List<String> classes = models.classes();
            List<Piece> pieces = export.transformer(from.pieces(models.transformer(classes).weights()));
            files.add(write(folder.resolve("transformer.safetensors"), export, classes, pieces, from));
        }
        if (files.isEmpty()) {
            throw new UserError(directory.path() + ": has learnt nothing yet that could be exported");
        }
        return files;
    }

    private Export export(Checkpoint from) {
        return new Export(experiment, Family.of(from.file().metadata().get(Importing.FAMILY)));
    }

    /** In the precision that they are kept in; int8 and int4, of which nobody else knows the scales, as what it stands for. */
    private Path write(Path file, Export export, List<String> classes, List<Piece> pieces, Checkpoint from) {
        if (directory.holds(file)) {
            throw new UserError(file + ": lies in the run itself; name another folder with --out");
        }
        progress.stage("export", pieces.size(), "tensor");
        Passing passing = new Passing(progress, "stopped while exporting; the same command exports again");
        Precision kept = from.kept() == Precision.BFLOAT16 ? Precision.BFLOAT16 : Precision.FLOAT32;
        Checkpoint.write(file, export.texts(classes, kept), passing.counted(pieces), kept);
        return file;
    }
}
