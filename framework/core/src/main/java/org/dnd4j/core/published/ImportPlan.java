package org.dnd4j.core.published;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dnd4j.core.image.Tokenizer;
import org.dnd4j.core.json.Json;
import org.dnd4j.core.model.DndTransformer;
import org.dnd4j.spi.UserError;

/**
 * The experiment that published files amount to, and how it was recognised.
 *
 * @param tree of the experiment, with no training and no pictures
 * @param family whose names the files use
 * @param preset the published size, or empty
 * @param classes names, empty if there is no transformer
 * @param published D of the tokenizer's file, of which a run may use the first codes only
 * @param facts what nobody had to say
 * @param warnings what should be known before the model is used
 */
public record ImportPlan(
        Map<String, Object> tree,
        Family family,
        String preset,
        List<String> classes,
        int published,
        List<Fact> facts,
        List<String> warnings) {

    /**
     * The plan.
     *
     * @param transformer null if there is none
     * @param tokenizer null if there is none
     * @throws UserError if something is neither said nor to be seen, or two sources contradict each other
     */
    public static ImportPlan of(Import asked, PublishedFile transformer, PublishedFile tokenizer) {
        if (transformer != null && !transformer.isTransformer()) {
            throw new UserError(transformer.where() + ": is no transformer of this family: it has no token table, only "
                    + transformer.some());
        } else if (tokenizer != null && tokenizer.isTransformer()) {
            throw new UserError(tokenizer.where() + ": is a transformer, not a tokenizer");
        }
        for (PublishedFile file : new PublishedFile[] {transformer, tokenizer}) {
            boolean theirs = file != null && file.family() == Family.LLAMAGEN;
            if (file != null && asked.family() != null && theirs != (asked.family() == Family.LLAMAGEN)) {
                throw new UserError(file.where() + ": has the names of " + (theirs ? "LlamaGen" : "a DnD-Transformer or RQ-VAE")
                        + ": import it as " + (theirs ? "llamagen" : "dnd or rqvae"));
            }
        }
        PublishedFile first = transformer == null ? tokenizer : transformer;
        return first.said().containsKey(PublishedFile.EXPERIMENT)
                ? exported(asked, first, transformer)
                : new Recognition(asked).plan(transformer, tokenizer);
    }

    /** Of files that {@code export} wrote: they say it themselves. */
    private static ImportPlan exported(Import asked, PublishedFile first, PublishedFile transformer) {
        asked.recognisable(first.where());
        Map<String, Object> tree = first.experiment();
        tree.put("name", asked.name());
        tree.put("data", null);
        if (transformer == null) {
            tree.put("transformer", null);
        }
        if (asked.precision() != null) {
            Map<String, Object> sampling = PublishedFile.object(tree.get("sampling"));
            sampling.put("precision", asked.precision());
            tree.put("sampling", sampling);
        }
        List<String> classes = transformer == null ? List.of() : transformer.classes();
        if (asked.labels() != null) {
            classes = Labels.read(asked.labels(), classes.size());
        }
        int depth = PublishedFile.object(tree.get("tokenizer")).get("depth") instanceof Number n ? n.intValue() : 0;
        return new ImportPlan(
                tree,
                Family.of(first.said().get(PublishedFile.FAMILY)),
                "",
                classes,
                depth,
                List.of(new Fact("experiment", "all of it", "what export wrote into " + first.file().path())),
                List.of());
    }

    /** The experiment that was planned, given its final name and settings by {@code reader}. */
    public String text() {
        return Json.line(tree);
    }

    /** Which tensors of a file become which weights of a transformer. */
    public static Fitting fit(PublishedFile file, DndTransformer model) {
        return PublishedTransformer.fit(file.where(), file.dict(), model);
    }

    /**
     * Which tensors of a file become which weights of a tokenizer.
     *
     * @param all D of the tokenizer in the file
     */
    public static Fitting fit(PublishedFile file, Tokenizer tokenizer, int all) {
        return PublishedTokenizer.fit(file.where(), file.dict(), tokenizer, all);
    }
}
