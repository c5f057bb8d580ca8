package org.dnd4j.core.code;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.dnd4j.core.Progress;
import org.dnd4j.core.Stopped;
import org.dnd4j.spi.UserError;
import org.dnd4j.torch.Key;

/**
 * Codes that others extracted, a file each, on their way into one code file. Several folders of the same images stand for
 * more variants of each: LlamaGen draws half of its views from a second folder of ten crops, which is the same as drawing
 * one of twenty (REFERENCE C).
 */
public final class CodeImport {
    private static final int SAY = 256;

    private final List<Extracted> folders;

    private CodeImport(List<Extracted> folders) {
        this.folders = folders;
    }

    /**
     * Looks into folders.
     *
     * @param folders as extracted, {@code …_codes} or what holds it
     * @throws UserError if one holds no codes, a number is left out, or they are not of the same images
     */
    public static CodeImport of(List<Path> folders) {
        if (folders.isEmpty()) {
            throw new UserError("name a folder of codes");
        }
        List<Extracted> opened = folders.stream().map(Extracted::open).toList();
        Extracted first = opened.get(0);
        for (Extracted other : opened) {
            if (other.images() != first.images()
                    || other.height() != first.height()
                    || other.width() != first.width()
                    || other.depth() != first.depth()
                    || (other.labels() == null) != (first.labels() == null)) {
                throw new UserError(other.codes() + ": holds " + told(other) + ", and " + first.codes() + " " + told(first)
                        + ": several folders must be of the same images");
            }
        }
        return new CodeImport(opened);
    }

    private static String told(Extracted e) {
        return e.images() + " images of " + e.height() + "×" + e.width() + "×" + e.depth() + " codes"
                + (e.labels() == null ? " without labels" : "");
    }

    public int images() {
        return folders.get(0).images();
    }

    public int height() {
        return folders.get(0).height();
    }

    public int width() {
        return folders.get(0).width();
    }

    public int depth() {
        return folders.get(0).depth();
    }

    /** Maps of each image, of all folders together. */
    public int variants() {
        return folders.stream().mapToInt(Extracted::variants).sum();
    }

    /** Whether there are labels; otherwise all are 0. */
    public boolean labelled() {
        return folders.get(0).labels() != null;
    }

    /**
     * Writes the code file.
     *
     * @param sizes K per depth
     * @param classes names of the labels
     * @param tokenizer SHA-256 of the tokenizer that chose the codes, or an empty text
     * @param heldOut share of the images, drawn one by one, that is held out for validation; 0 for none
     * @throws UserError naming the file that is of another shape or type, or holds a code or a label that there is not
     * @throws Stopped if it was asked to end; nothing is left then
     */
    public void write(
            Path out, List<Integer> sizes, List<String> classes, String tokenizer, double heldOut, Progress progress) {
        if (sizes.size() != depth()) {
            throw new UserError(folders.get(0).codes() + ": holds " + depth() + " codes a place, not " + sizes.size());
        }
        Key key = Key.of(0).at("held out");
        CodeFile.Header header = new CodeFile.Header(
                height(), width(), sizes, variants(), classes, CodeFile.Header.ELSEWHERE, tokenizer);
        progress.stage("import", images(), "image");
        try (CodeWriter file = CodeFile.create(out, header)) {
            for (int i = 0; i < images(); i++) {
                List<CodeMap> maps = new ArrayList<>();
                for (Extracted folder : folders) {
                    maps.addAll(folder.maps(i, sizes));
                }
                file.add(held(key, i, heldOut) ? Split.VALIDATION : Split.TRAIN, label(i, classes.size()), maps);
                if (i % SAY == 0) {
                    progress.at(i, "");
                    if (progress.stopped()) {
                        throw new Stopped("stopped while importing; nothing is left of it");
                    }
                }
            }
            file.finish();
            progress.at(images(), "");
        }
    }

    private int label(int image, int classes) {
        int label = folders.get(0).label(image, classes);
        for (Extracted other : folders.subList(1, folders.size())) {
            if (other.label(image, classes) != label) {
                throw new UserError(other.labels().resolve(image + ".npy") + ": is another label than "
                        + folders.get(0).labels().resolve(image + ".npy") + ", " + label
                        + ": the folders are of other images");
            }
        }
        return label;
    }

    private static boolean held(Key key, int image, double share) {
        return key.at(image).seed() * 0x1p-53 < share;
    }
}
