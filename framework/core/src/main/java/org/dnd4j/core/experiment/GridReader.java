package org.dnd4j.core.experiment;

import java.nio.file.Path;
import java.util.List;
import org.dnd4j.core.json.Json;
import org.dnd4j.spi.UserError;

/** Reads grids of experiments as strictly as {@link ExperimentReader} reads experiments. */
public final class GridReader {
    private final Plugins plugins;

    public GridReader(Plugins plugins) {
        this.plugins = plugins;
    }

    /**
     * A grid, and the text of its base.
     *
     * @param base the experiment in JSON
     * @param where what messages call the base
     */
    public record Read(Grid grid, String base, String where) {}

    /**
     * The grid in a file, and its base.
     *
     * @throws UserError naming file, field and what would be right
     */
    public Read read(Path file) {
        Grid grid = new RecordReader(plugins)
                .record(Json.tree(ExperimentReader.text(file), file.toString()), Grid.class, file + ": ");
        if (grid.base() instanceof String other) {
            Path base = file.resolveSibling(other).normalize();
            return new Read(grid, ExperimentReader.text(base), base.toString());
        }
        return new Read(grid, Json.write(grid.base()), file + ": base");
    }

    /**
     * The experiment of a cell.
     *
     * @throws UserError naming the cell, the field and what would be right
     */
    public Experiment experiment(Read read, Grid.Cell cell) {
        String where = read.where() + " as " + (cell.options().isEmpty() ? cell.name() : "'" + cell.variant() + "'");
        return new ExperimentReader(plugins).parse(read.base(), where, cell.settings()).named(cell.name());
    }

    /** The same experiment as it is written in a run that is there. */
    public Experiment experiment(Path written) {
        return new ExperimentReader(plugins).read(written, List.of());
    }
}
