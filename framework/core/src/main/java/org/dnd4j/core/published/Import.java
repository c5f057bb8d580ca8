package org.dnd4j.core.published;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.dnd4j.spi.UserError;

/**
 * What is to be imported, and as what. Everything but the files and the name can be left out.
 *
 * @param family null to recognise it by the names in the files
 * @param files transformer and tokenizer, or one of them, to be told apart by the names in them
 * @param transformer its file, or null
 * @param tokenizer its file, or null
 * @param config the {@code config.yaml} beside a tokenizer
 * @param labels a file with the names of the classes
 * @param name of the run to be made
 * @param precision that the transformer is kept in
 * @param averaged whether the moving average of the weights is meant
 * @param skip keys of the files below which there may be objects of unknown classes
 * @param preset the published size that it has
 * @param heads the layers that heads stand after
 * @param grid side of the code grid
 * @param side pixels along an edge
 * @param allowMissing whether weights that are not in the files start as in an untrained model
 * @param ignore prefixes of names in the files that are no part of the model
 * @param settings changes of the experiment that comes of it
 */
public record Import(
        Family family,
        List<Path> files,
        Path transformer,
        Path tokenizer,
        Path config,
        Path labels,
        String name,
        String precision,
        boolean averaged,
        List<String> skip,
        String preset,
        List<Integer> heads,
        Integer grid,
        Integer side,
        boolean allowMissing,
        List<String> ignore,
        List<String> settings) {

    /**
     * The same with every file given its part.
     *
     * @throws UserError if two files are of one part, or there is no file
     */
    public Import sorted() {
        Path model = transformer;
        Path codes = tokenizer;
        for (Path file : files) {
            try (PublishedFile open = PublishedFile.open(file, averaged, skip)) {
                boolean isTransformer = open.isTransformer();
                Path there = isTransformer ? model : codes;
                if (there != null) {
                    throw new UserError(there + " and " + file + ": both are "
                            + (isTransformer ? "transformers" : "tokenizers") + "; a run has one");
                }
                model = isTransformer ? file : model;
                codes = isTransformer ? codes : file;
            }
        }
        if (model == null && codes == null) {
            throw new UserError("there is nothing to import: name the files");
        }
        return new Import(
                family, List.of(), model, codes, config, labels, name, precision, averaged, skip, preset, heads, grid, side,
                allowMissing, ignore, settings);
    }

    /**
     * That nothing was said which a file that was exported says itself.
     *
     * @throws UserError naming it
     */
    void recognisable(String exported) {
        Map<String, Object> said = new LinkedHashMap<>();
        said.put("--tokenizer-config", config);
        said.put("--preset", preset);
        said.put("--heads", heads);
        said.put("--grid", grid);
        said.put("--side", side);
        said.values().removeIf(Objects::isNull);
        if (!said.isEmpty()) {
            throw new UserError(String.join(", ", said.keySet()) + ": " + exported + " was exported and says it itself;"
                    + " --set changes what may be changed");
        }
    }

    /**
     * What came of it.
     *
     * @param run its name
     * @param preset the published size, or empty
     * @param parameters of transformer and tokenizer
     * @param precision that the transformer is kept in
     * @param bytes of the run's files
     * @param recognised what nobody had to say
     * @param warnings what should be known before the model is used
     */
    public record Done(
            String run,
            String family,
            String preset,
            long parameters,
            String precision,
            long bytes,
            List<Fact> recognised,
            List<String> warnings) {}
}
