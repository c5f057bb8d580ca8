package org.dnd4j.torch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The sources of all modules name no device, so that all of it runs on the one that was opened. */
class DevicesTest {
    private static final Path ROOT = Path.of("../..");

    /** What makes a tensor of no other, which would be the processor's unless it says where. */
    private static final Pattern MADE = Pattern.compile("torch\\.(zeros|ones|arange|full|empty|eye|linspace|tensor)\\(");

    /** Draws are the processor's everywhere, so that a seed means the same on every device. */
    private static final String DRAWS = "torch.Generator(device=torch.device(\"cpu\"))";

    private static List<Path> sources(String suffix) throws IOException {
        List<Path> found = new ArrayList<>();
        for (String folder : List.of("framework", "plugins", "launcher")) {
            try (Stream<Path> all = Files.walk(ROOT.resolve(folder))) {
                all.filter(p -> p.toUri().getPath().contains("/src/main/") && p.toString().endsWith(suffix)).forEach(found::add);
            }
        }
        assertTrue(found.size() > 10, () -> found.size() + " sources");
        return found;
    }

    @Test
    void oneClassOpensADeviceAndOneAsksTheProcessorWhatItCan() throws IOException {
        TreeSet<String> naming = new TreeSet<>();
        for (Path java : sources(".java")) {
            if (Files.readString(java).contains("ai.djl.Device")) {
                naming.add(java.getFileName().toString());
            }
        }
        assertEquals(List.of("Kernels.java", "Torch.java"), List.copyOf(naming));
    }

    @Test
    void programsMakeTensorsWhereTheirInputsAre() throws IOException {
        List<String> naming = new ArrayList<>();
        for (Path program : sources(".py")) {
            String name = program.getFileName().toString();
            boolean processor = name.matches("(prelude-(int8|.*-(onednn|fbgemm))|kernels.*|machine)\\.py"); // run on nothing else
            for (String line : Files.readAllLines(program)) {
                String rest = line.replace(DRAWS, "");
                boolean bare = MADE.matcher(rest).find() && !rest.contains("device=");
                if (rest.contains("torch.device(") || rest.contains("cuda") || bare && !processor) {
                    naming.add(name + ": " + line.strip());
                }
            }
        }
        assertEquals(List.of(), naming);
    }
}
