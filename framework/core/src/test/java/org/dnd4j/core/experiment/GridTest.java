package org.dnd4j.core.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import org.dnd4j.core.Tiny;
import org.dnd4j.heads.Dnd;
import org.dnd4j.heads.Vertical;
import org.dnd4j.llama.Llama;
import org.dnd4j.residual.Residual;
import org.dnd4j.rqvae.RqVae;
import org.dnd4j.spi.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GridTest {
    private static final Plugins PLUGINS =
            Plugins.of("0.1.0", Residual.class, Dnd.class, Vertical.class, Llama.class, RqVae.class);
    private static final GridReader READER = new GridReader(PLUGINS);
    private static final String AXES = """
            "axes": {"heads": {"dnd": {"transformer.heads": {"dnd": {"positions": [0, 1]}}},
                               "vertical": {"transformer.heads": {"vertical": {"positions": [0, 1]}}}},
                     "beam": {"1": {"tokenizer.beam": 1}, "2": {"tokenizer.beam": 2, "seeds.sampling": 9}}},
            "report": ["loss"]""";

    @TempDir
    Path folder;

    private GridReader.Read read(String fields) throws IOException {
        Files.writeString(folder.resolve("tiny.json"), Tiny.EXPERIMENT);
        Path grids = Files.createDirectories(folder.resolve("grids"));
        return READER.read(Files.writeString(
                grids.resolve("g.json"), "{\"name\": \"g\", \"base\": \"../tiny.json\", " + fields + "}"));
    }

    private String complaint(String fields) {
        return assertThrows(UserError.class, () -> read(fields)).getMessage();
    }

    private static List<String> names(List<Grid.Cell> cells) {
        return cells.stream().map(Grid.Cell::name).toList();
    }

    @Test
    void aGridIsEveryOptionOfEachAxisOnceForEachSeed() throws IOException {
        GridReader.Read read = read(AXES + ", \"seeds\": [5, 6], \"vary\": \"transformer\", \"set\": {\"tokenizer.beam\": 4}");
        List<Grid.Cell> cells = read.grid().cells(List.of("tokenizer.training.steps=2", "tokenizer.beam=8"));
        assertEquals(
                List.of(
                        "dnd-1-5", "dnd-2-5", "vertical-1-5", "vertical-2-5",
                        "dnd-1-6", "dnd-2-6", "vertical-1-6", "vertical-2-6"),
                names(cells));
        assertEquals("vertical, 2", cells.get(7).variant());
        Experiment last = READER.experiment(read, cells.get(7));
        assertEquals("vertical", last.transformer().heads().name());
        assertEquals(2, last.tokenizer().beam(), "an axis goes before what is set for all");
        assertEquals(2, last.tokenizer().training().steps());
        assertEquals("vertical-2-6", last.name());
        assertEquals(3, last.seed(), "the base's");
        assertEquals(6, last.learnerSeed());
        assertEquals(9, last.samplingSeed());
        assertEquals(5, READER.experiment(read, cells.get(0)).samplingSeed());
        assertEquals(List.of("beam"), read.grid().across());
    }

    @Test
    void theStageThatVariesHasTheSeed() throws IOException {
        Experiment all = only("\"seeds\": [7]");
        assertEquals(List.of(7L, 7L, 7L), List.of(all.seed(), all.learnerSeed(), all.samplingSeed()));
        Experiment samples = only("\"seeds\": [7], \"vary\": \"sampling\"");
        assertEquals(List.of(3L, 3L, 7L), List.of(samples.seed(), samples.learnerSeed(), samples.samplingSeed()));
        Experiment none = only("\"vary\": \"sampling\"");
        assertEquals(List.of(3L, 3L, 3L), List.of(none.seed(), none.learnerSeed(), none.samplingSeed()));
    }

    private Experiment only(String fields) throws IOException {
        GridReader.Read read = read("\"report\": [\"loss\"], " + fields);
        List<Grid.Cell> cells = read.grid().cells(List.of());
        assertEquals(1, cells.size());
        assertEquals("base", cells.get(0).variant());
        return READER.experiment(read, cells.get(0));
    }

    @Test
    void whatTokenizersBeginWithHasASeedWhereTheyHaveOne() throws IOException {
        String begin = "\"report\": [\"loss\"], \"seeds\": [0, 1], \"begin\": {\"tokenizer.beam\": 3}";
        GridReader.Read shared = read(begin + ", \"vary\": \"transformer\"");
        assertEquals("begin", shared.grid().beginning(1L, List.of()).name());
        assertEquals(3, READER.experiment(shared, shared.grid().beginning(1L, List.of())).seed());
        GridReader.Read own = read(begin);
        Grid.Cell beginning = own.grid().beginning(1L, List.of());
        assertEquals("begin-1", beginning.name());
        assertEquals(1, READER.experiment(own, beginning).seed());
        assertEquals(3, READER.experiment(own, beginning).tokenizer().beam());
        Grid.Cell set = own.grid().beginning(1L, List.of("tokenizer.beam=5"));
        assertEquals(5, READER.experiment(own, set).tokenizer().beam(), "from outside");
        Experiment cell = READER.experiment(own, own.grid().cells(List.of()).get(0));
        assertEquals(1, cell.tokenizer().beam());
        assertEquals("kept", cell.tokenizer().codebooks().start(), "what was learnt stays");
        assertNull(read("\"report\": [\"loss\"]").grid().beginning(null, List.of()));
    }

    @Test
    void everyCellHasARunOfItsOwn() throws IOException {
        List<Grid.Cell> cells = read("\"report\": [\"loss\"], \"begin\": {}, \"seeds\": [0], \"axes\": {\"a\": {\"begin\": {},"
                        + " \"BEGIN\": {}, \"x, y\": {}, \"x y\": {}, \"../x\": {}, \"×\": {}, \"1.5\": {}}}")
                .grid()
                .cells(List.of());
        assertEquals(List.of("begin-0.2", "BEGIN-0.3", "x-y-0", "x-y-0.2", "x-0", "cell-0", "1.5-0"), names(cells));
        assertEquals(cells.size(), new HashSet<>(names(cells)).size());
    }

    @Test
    void aBaseCanStandInTheGrid() throws IOException {
        Path file = Files.writeString(
                folder.resolve("inline.json"),
                "{\"name\": \"i\", \"report\": [\"loss\"], \"base\": " + Tiny.EXPERIMENT.strip() + "}");
        GridReader.Read read = READER.read(file);
        assertEquals(3, READER.experiment(read, read.grid().cells(List.of()).get(0)).seed());
    }

    @Test
    void aMistakeIsNamedWithWhatWouldBeRight() throws IOException {
        String place = folder.resolve("grids/g.json") + ": ";
        assertEquals(
                place + "unknown field 'axis': one of axes, across, base, begin, name, seeds, set, vary, report",
                complaint("\"axis\": {}, \"report\": [\"loss\"]"));
        assertTrue(complaint("\"report\": []").contains("report names no metrics"));
        assertTrue(complaint("\"report\": [\"loss\"], \"axes\": {\"a\": {}}").contains("axes.a has no options"));
        assertTrue(complaint("\"report\": [\"loss\"], \"seeds\": [1, 1]").contains("each must be there once"));
        assertTrue(complaint("\"report\": [\"loss\"], \"vary\": \"tokeniser\"").contains("one of tokenizer, "));
        assertTrue(complaint(AXES + ", \"across\": \"heads\"").contains("of which there are [beam]"));
        GridReader.Read read = read("\"report\": [\"loss\"], \"axes\": {\"a\": {\"x\": {\"tokenizer.beem\": 2}}}");
        String cell = assertThrows(
                        UserError.class, () -> READER.experiment(read, read.grid().cells(List.of()).get(0)))
                .getMessage();
        assertTrue(cell.contains("tiny.json as 'x': tokenizer: unknown field 'beem': one of beam, "), cell);
    }

    @Test
    void anElementOfAListCanBeSet() {
        ExperimentReader reader = new ExperimentReader(PLUGINS);
        List<String> two = List.of("sampling.options.temperature=[0.5,0.6]", "sampling.options.temperature.1=0.9");
        assertEquals(
                List.of(0.5, 0.9), reader.parse(Tiny.EXPERIMENT, "t", two).sampling().options().temperature());
        for (String wrong : List.of("2", "-1", "x")) {
            String message = assertThrows(
                            UserError.class,
                            () -> reader.parse(
                                    Tiny.EXPERIMENT, "t", List.of(two.get(0), "sampling.options.temperature." + wrong + "=1")))
                    .getMessage();
            assertTrue(message.endsWith("[0.5,0.6] has the elements 0 to 1, and no " + wrong), message);
        }
    }
}
