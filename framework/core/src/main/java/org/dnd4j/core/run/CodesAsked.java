package org.dnd4j.core.run;

import java.nio.file.Path;
import java.util.List;
import org.dnd4j.core.code.CodeImport;
import org.dnd4j.spi.UserError;

/**
 * Which codes from elsewhere are to become a run, and how they are to be learnt.
 *
 * @param folders of codes, as {@link CodeImport#of} takes them
 * @param name of the run to be made
 * @param config the file of the experiment that learns the codes; null for that of {@code tokenizerOf}
 * @param tokenizerOf the run whose tokenizer made the codes; null if there is none
 * @param settings changes of the experiment
 * @param labels a file with the names of the classes; null for ImageNet's where there are 1000, and numbers otherwise
 * @param classes how many there are; null for as many as {@code labels} names, or else ImageNet's 1000, or one where there
 *     are no labels
 * @param heldOut share of the images that is held out for validation
 */
public record CodesAsked(
        List<Path> folders,
        String name,
        String config,
        String tokenizerOf,
        List<String> settings,
        Path labels,
        Integer classes,
        double heldOut) {
    public CodesAsked {
        folders = List.copyOf(folders);
        settings = List.copyOf(settings);
        if (labels != null && classes != null) {
            throw new UserError("classes are as many as the file of labels names: give one of the two");
        }
        if (config == null && tokenizerOf == null) {
            throw new UserError("say what learns the codes: an experiment, or a run with a tokenizer and a transformer");
        }
        if (!(heldOut >= 0 && heldOut <= 0.5)) {
            throw new UserError("heldOut is the share of images held out for validation, 0 to 0.5, not " + heldOut);
        }
    }
}
