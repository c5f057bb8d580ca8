package org.dnd4j.itest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever a plugin does through its SPI ends its own Run, with a line that names it, and nothing else: not the process,
 * and not a bit of the Run beside it.
 */
class FaultsIT {
    private static final String NDARRAY = "import ai.djl.ndarray.*;\nimport ai.djl.ndarray.types.*;\nimport org.dnd4j.torch.*;\n";

    /** What is done in the middle of a step, each a statement; and what is said of it. */
    private static final Map<String, String[]> DEEDS = new LinkedHashMap<>();

    private static final String NAME = "dnd4j: plugin 'bad' 1.2.3 (%s) ";

    static {
        deed("throws", "throw new IllegalStateException(\"no luck\");", "failed in M: IllegalStateException: no luck");
        deed("asserts", "throw new AssertionError();", "failed in M: AssertionError");
        deed("recurses", "return deeper(x);", "failed in M: StackOverflowError");
        deed("unlinked", "return strange.Gone.away(x);", "failed in M: NoClassDefFoundError: strange/Gone");
        deed("refuses", "throw new UserError(\"how is 'refuses': choose another\");", ": how is 'refuses': choose another");
        deed("greed", "long[][] all = new long[1 << 20][]; for (int i = 0; ; i++) all[i] = new long[1 << 28];",
                "failed in M: the memory does not suffice (");
        deed("nothing", "return null;", "breaks law L: M returned nothing");
        deed("float64", "return x.toType(DataType.FLOAT64, true);", "breaks law L: M returned float64 [");
        deed("float16", "return x.toType(DataType.FLOAT16, true);", "breaks law L: M returned float16 [");
        deed("complex", "return x.toType(DataType.COMPLEX64, true);", "breaks law L: M returned complex64 [");
        deed("flat", "return x.flatten();", "breaks law L: M returned float32 [");
        deed("closed", "NDArray y = x.duplicate(); y.close(); y.close(); return y;", "breaks law L: M returned an array that is closed");
        deed("lent", "x.close(); return x;", "breaks law ");
        for (String type : List.of("BFLOAT16", "UNKNOWN", "STRING", "INT16", "UINT16", "UINT32", "UINT64")) {
            String none = "failed in M: IllegalArgumentException: there are no arrays of " + type.toLowerCase(java.util.Locale.ROOT);
            deed("to" + type, "return x.toType(DataType." + type + ", true);", none);
            deed("zeros" + type, "return x.getManager().zeros(x.getShape(), DataType." + type + ");", none);
        }
        String none = "failed in M: IllegalArgumentException: there are no arrays of bfloat16 here, only inside of programs: x.to(15)";
        deed("lazy", "return x.toType(DataType.BFLOAT16, false);", none);
        deed("ones", "return x.getManager().ones(x.getShape(), DataType.BFLOAT16);", none);
        deed("create", "return x.getManager().create(x.getShape(), DataType.BFLOAT16);", none);
        deed("full", "return x.getManager().full(x.getShape(), 1f, DataType.BFLOAT16);", none);
        deed("arange", "return x.getManager().arange(0f, 3f, 1f, DataType.BFLOAT16);", none);
        deed("eye", "return x.getManager().eye(2, 2, 0, DataType.BFLOAT16);", none);
        deed("normal", "return x.getManager().randomNormal(0f, 1f, x.getShape(), DataType.BFLOAT16);", none);
        deed("uniform", "return x.getManager().randomUniform(0f, 1f, x.getShape(), DataType.BFLOAT16);", none);
        deed("integer", "return x.getManager().randomInteger(0, 5, x.getShape(), DataType.BFLOAT16);", none);
        deed("text", "return x.getManager().create(\"text\").add(1f);",
                "failed in M: IllegalArgumentException: nothing can be computed with an array of strings");
        deed("half", "return w.run(Program.text(\"half.py\", \"def half(self, x: Tensor) -> Tensor:\\n  return x.to(15)\\n\"),"
                + " \"half\", x);", "breaks law L: M returned ");
        deed("nobody", "return w.run(Program.text(\"t.py\", \"def t(self, x: Tensor) -> Tensor:\\n  return x.to(99)\\n\"),"
                + " \"t\", x);", "failed in M: ProgramException: t.py: t: ");
        deed("again", "return w.run(Program.text(\"r.py\", \"def r(self, x: Tensor) -> Tensor:\\n  return self.r(x)\\n\"),"
                + " \"r\", x);", "failed in M: ProgramException: r.py: ");
        deed("beyond", "return w.run(Program.text(\"b.py\", \"def b(self, x: Tensor) -> Tensor:\\n  return torch.as_strided(x,"
                + " [1000000000], [1])\\n\"), \"b\", x);", "failed in M: ProgramException: b.py: b: ");
        deed("huge", "return x.getManager().zeros(new Shape(1L << 45));", "failed in M: the memory does not suffice (");
        deed("overflow", "return x.getManager().zeros(new Shape(1L << 40, 1L << 40));", "failed in M: the memory does not suffice (");
        deed("negative", "return x.getManager().zeros(new Shape(-3, 4));", "failed in M: IllegalArgumentException: The shape must be >= -1");
        deed("outside", "return x.getManager().create(new float[] {1}).take(x.getManager().create(new long[] {99}));",
                "failed in M: EngineException: out of range");
        deed("kept", "NDArray before = kept; kept = x; return before == null ? x : before.add(0f).reshape(x.getShape());", "breaks law K: M used an array that is closed");
        deed("weight", "w.get(\"codebooks.0.weight\").close(); return x;", "breaks law ");
        deed("mine", "x.getManager().close(); return x;", "breaks law ");
        deed("weights", "w.close(); return x;", "breaks law ");
        deed("device", "w.torch().close(); return x;", "breaks law ");
        deed("scope", "w.torch().scope(); return x;", "breaks law D5: M left a scope open");
        deed("tape", "if (!w.torch().recording()) w.torch().record(); return x;", "breaks law D5: M left a tape open");
        deed("interrupts", "Thread.currentThread().interrupt(); return x;", "");
        deed("unknown", "return w.get(\"nowhere\");", "breaks law N: M asked for a weight that it does not declare: there is no weight ");
        deed("nan", "return x.mul(Float.NaN);", "breaks law L: F returned NaN or infinity, given finite numbers");
    }

    private static void deed(String name, String statement, String said) {
        DEEDS.put(name, new String[] {statement, said});
    }

    private static final String BODY = "static NDArray kept;\n"
            + "  static NDArray deeper(NDArray x) { NDArray y = deeper(x); return y; }\n"
            + "  NDArray bad(NDArray x, Weights w) {\n    switch (how) {\n%s      default: return x;\n    }\n  }\n";

    private static String body() {
        StringBuilder cases = new StringBuilder();
        DEEDS.forEach((name, deed) -> cases.append("      case \"").append(name).append("\": {").append(deed[0]).append("}\n"));
        return BODY.formatted(cases);
    }

    @TempDir
    Path folder;

    /** The good Run beside all the bad ones, in one process. */
    private void staysInside(
            String spi, String place, String law, String names, String method, String nan, Collection<String> deeds, String plugin)
            throws Exception {
        Tiny.in(folder);
        Jars.plugin(folder.resolve("bad.jar"), "bad", "[1,2)", NDARRAY + "class Gone { static NDArray away(NDArray x) { return x; } }\n"
                + plugin);
        Jars.without(folder.resolve("bad.jar"), "strange/Gone.class");
        List<String> command = new ArrayList<>(List.of(Child.JAVA, "-XX:+UseSerialGC", "-XX:-UsePerfData", "-Xmx1g",
                "-XX:-CreateCoredumpOnCrash", "-XX:ErrorFile=" + folder.resolve("crash.log"), "-Djava.io.tmpdir="
                + Files.createDirectories(folder.resolve("tmp")), "-Dlauncher=" + Child.HOME, "-Dai.djl.offline=true",
                "-Djava.awt.headless=true", "-cp", System.getProperty("java.class.path"), Faults.class.getName(),
                folder.toString(), place));
        command.addAll(deeds);
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().putAll(Map.of("OMP_WAIT_POLICY", "PASSIVE", "OPT_OUT_TRACKING", "true"));
        Child.Ended ended = Child.start(builder).ended();
        assertEquals(0, ended.code(), "it died after: " + ended.out() + ended.err());
        Map<String, String[]> said = new LinkedHashMap<>();
        ended.out().lines().map(l -> l.split("\t", 3)).forEach(l -> said.put(l[0], l));
        List<String> wrong = new ArrayList<>();
        deeds.forEach(deed -> {
            String[] how = DEEDS.get(deed);
            String[] line = said.get(deed);
            String expected = how[1].replace("M", method).replace("law L", "law " + law).replace("law N", "law " + names).replace("law K", "law D9").replace("F returned", nan + " returned");
            boolean named = line[2].startsWith(NAME.formatted(spi).stripTrailing() + (expected.startsWith(":") ? "" : " ") + expected);
            if (!how[1].isEmpty() && (!line[1].equals("1") || !named)) {
                wrong.add(deed + ": " + line[1] + " " + line[2]);
            }
        });
        assertEquals(List.of(), wrong);
        assertEquals("0", said.get("beside")[1], ended.err());
        assertEquals("0", said.get("alone")[1], ended.err());
        for (String file : List.of("tokenizer.safetensors", "codes", "transformer.safetensors", "samples.png")) {
            assertArrayEquals(Files.readAllBytes(folder.resolve("alone/tiny").resolve(file)),
                    Files.readAllBytes(folder.resolve("beside/tiny").resolve(file)), file);
        }
        assertTrue(Files.notExists(folder.resolve("crash.log")));
    }

    @Test
    void ofADecomposition() throws Exception {
        staysInside("decomposition", "tokenizer.decomposition", "D2", "D6", "next", "next", DEEDS.keySet(),
                "@Plugin(\"bad\") public record Bad(String how) implements Decomposition {\n  " + body()
                + "  public List<Weight> weights(CodeSpace s) { return java.util.stream.IntStream.range(0, s.depth())"
                + ".mapToObj(k -> Weight.of(table(k), s.size(k), s.width()).normal(1).learning(Weight.Learns.EMA)).toList(); }\n"
                + "  public NDArray next(NDArray s, NDArray e, int k, Weights w) { return bad(s.add(e), w); }\n}\n");
    }

    /** The others do the same with what they are given; these are enough to see that it is told as theirs. */
    private static final List<String> SOME = List.of("throws", "recurses", "unlinked", "nothing", "float64", "flat", "closed",
            "toBFLOAT16", "zerosSTRING", "text", "half", "huge", "unknown", "nan");

    @Test
    void ofABackbone() throws Exception {
        staysInside("backbone", "transformer.backbone", "B1", "B7", "run", "run", SOME,
                "@Plugin(\"bad\") public record Bad(String how) implements Backbone {\n  " + body()
                + "  public int width() { return 32; }\n  public int layers() { return 2; }\n"
                + "  public List<Weight> weights(int heads, int positions) { return List.of(Weight.of(\"scale\", 32).constant(1)); }\n"
                + "  public NDList prepare(NDArray places, int rows, Weights w) { return new NDList(); }\n"
                + "  public NDArray run(NDArray h, int from, int to, Pass pass) { return bad(h.mul(pass.weights().get(\"scale\")),"
                + " pass.weights()); }\n"
                + "  public NDArray norm(NDArray h, int head, Pass pass) { return h; }\n}\n");
    }

    @Test
    void ofAnAutoencoder() throws Exception {
        staysInside("autoencoder", "tokenizer.autoencoder", "A1", "A4", "encode", "encode", SOME,
                "@Plugin(\"bad\") public record Bad(String how) implements Autoencoder {\n  " + body()
                + "  public int factor() { return 8; }\n  public int width() { return 3; }\n"
                + "  public List<Weight> weights() { return List.of(Weight.of(\"scale\", 3).constant(1)); }\n"
                + "  public NDArray encode(NDArray x, Weights w) { long b = x.getShape().get(0); NDArray means = x.reshape(b, 3, 4, 8,"
                + " 4, 8).mean(new int[] {5}).mean(new int[] {3}).transpose(0, 2, 3, 1); return bad(means.mul(w.get(\"scale\")), w); }\n"
                + "  public NDArray decode(NDArray z, Weights w) { return z.transpose(0, 3, 1, 2).repeat(2, 8).repeat(3, 8); }\n}\n");
    }

    private Child.Ended impatient(String... verb) throws Exception {
        List<String> command = new ArrayList<>(List.of(Child.JAVA, "-XX:+UseSerialGC", "-XX:-UsePerfData", "-Ddnd4j.patience=4",
                "-Ddnd4j.plugins=" + folder, "-Djava.io.tmpdir=" + Files.createDirectories(folder.resolve("tmp")), "-jar",
                Child.HOME.resolve("dnd4j.jar").toString()));
        command.addAll(List.of(verb));
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().put("OMP_WAIT_POLICY", "PASSIVE");
        return Child.start(builder).ended();
    }

    /** A loop that nothing ends, in every place where a plugin has code: the process goes on, says so, and ends. */
    @Test
    void loopsAreGivenUp() throws Exception {
        Tiny.in(folder);
        String taps = "public List<Tap> taps(int layers, int depth) { %s return List.of(); } }";
        String loop = "for (int i = 0; true; ) { i++; if (i == -1 && i == 1) break; }";
        Jars.plugin(folder.resolve("a.jar"), "tapping", "[1,2)",
                "@Plugin(\"tapping\") public record Tapping() implements HeadTopology { " + taps.formatted(loop));
        Jars.plugin(folder.resolve("b.jar"), "starting", "[1,2)",
                "@Plugin(\"starting\") public record Starting() implements HeadTopology { static { " + loop + " } " + taps.formatted(""));
        Jars.plugin(folder.resolve("c.jar"), "making", "[1,2)",
                "@Plugin(\"making\") public record Making() implements HeadTopology { public Making { " + loop + " } " + taps.formatted(""));
        Child.Ended listed = impatient("plugins");
        assertEquals(0, listed.code(), listed.err());
        String row = listed.out().lines().filter(l -> l.contains("starting")).findFirst().orElse(listed.out());
        assertTrue(row.contains("failed") && row.contains("did not return from its static initialiser within 4 s"), row);
        for (String[] how : new String[][] {{"tapping", "taps"}, {"making", "its constructor"}}) {
            Child.Ended ended = impatient("run", "tiny.json", "--runs", "looped", "--set", "transformer.heads={\"" + how[0] + "\":{}}");
            assertEquals(1, ended.code(), ended.err());
            assertEquals("dnd4j: plugin '" + how[0] + "' 1.2.3 (headtopology) did not return from " + how[1] + " within 4 s: given up,"
                    + " and its thread left to itself", ended.err().lines().reduce("", (a, b) -> b));
        }
    }
}
