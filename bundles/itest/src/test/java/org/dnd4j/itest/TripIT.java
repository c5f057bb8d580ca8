package org.dnd4j.itest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.zip.GZIPOutputStream;
import javax.imageio.ImageIO;
import org.dnd4j.launcher.Nest;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every verb at work in the container: a package that a bundle uses and does not import is missed here first. */
class TripIT {
    private static final Path HOME = Path.of(System.getProperty("launcher")).toAbsolutePath().normalize();

    @TempDir
    static Path folder;

    private static ToIntFunction<String[]> console;
    private static String config;

    /** One nest for all, since the engine's libraries load once in a JVM's life. */
    @BeforeAll
    static void boot() throws IOException {
        console = Nest.boot(HOME, HOME.resolve("plugins").toString());
        config = Tiny.in(folder).toString();
    }

    private static String done(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--runs", folder.resolve("runs").toString()));
        return Said.by(console, all.toArray(String[]::new)).done();
    }

    @Test
    void theWholeTripAndWhatCanBeDoneWithIt() throws IOException {
        assertTrue(done("run", config, "--json").contains("\"run\" : \"tiny\""));
        Path run = folder.resolve("runs/tiny");
        thereAre(run, "experiment.json", "tokenizer.safetensors", "codes", "transformer.safetensors", "samples/sun/0.png",
                "samples/fox/1.png", "samples.png", "reconstructions.png", "curves.png", "report.html", "report.json");
        Path drawn = folder.resolve("drawn");
        done("sample", "tiny", "--class", "fox", "-n", "2", "--precision", "int8", "--out", drawn.toString());
        thereAre(drawn, "fox/0.png", "fox/1.png");
        done("sample", "tiny", "-n", "4", "--temperature", "1,0.8", "--top-k", "8", "--top-p", "0.9");
        thereAre(run, "samples/sun/1.png");
        Path mine = Files.write(folder.resolve("mine.jpg"), picture("jpg", 7));
        done("reconstruct", "tiny", mine.toString(), "--out", folder.resolve("mine.png").toString());
        thereAre(folder, "mine.png");
        assertTrue(done("reconstruct", "tiny").contains("reconstructions.png"));
        assertTrue(done("eval", "tiny", "--json").contains("\"psnr\""));
        assertTrue(done("show", "tiny").contains("residual"));
        String runs = done("runs");
        assertTrue(runs.lines().anyMatch(l -> l.matches("tiny +3 steps +yes +3 steps .*")), runs);
    }

    @Test
    void aModelGoesOutAndComesInAgain() throws IOException {
        done("run", config, "--name", "outgoing");
        Path files = folder.resolve("files");
        Path again = folder.resolve("files-again");
        done("export", "outgoing", "--out", files.toString());
        String answer = done("import", "safetensors", files.resolve("transformer.safetensors").toString(),
                files.resolve("tokenizer.safetensors").toString(), "--name", "incoming", "--json");
        assertTrue(answer.contains("\"family\" : \"dnd\""), answer);
        assertTrue(done("show", "incoming").contains("\"training\" : null"));
        for (String run : List.of("outgoing", "incoming")) {
            done("sample", run, "--class", "FOX", "-n", "1", "--out", folder.resolve("of-" + run).toString());
        }
        assertArrayEquals(
                Files.readAllBytes(folder.resolve("of-outgoing/fox/0.png")),
                Files.readAllBytes(folder.resolve("of-incoming/fox/0.png")));
        done("export", "incoming", "--out", again.toString());
        thereAre(again, "tokenizer.safetensors", "transformer.safetensors");
        Path published = HOME.resolve("../../framework/core/src/main/resources/check/vb_rqvae_nonshared_d4");
        done("import", "rqvae", "--tokenizer", published.resolve("checkpoint.pt").toString(), "--tokenizer-config",
                published.resolve("config.yaml").toString(), "--name", "published");
        Path mine = Files.write(folder.resolve("published.png"), picture("png", 3));
        done("reconstruct", "published", mine.toString(), "--out", folder.resolve("made.png").toString());
        thereAre(folder, "made.png");
    }

    @Test
    void aGeneratorInTheTransformersPlace() throws IOException {
        done("run", config, "--name", "unrolled", "--set", "transformer={\"generator\":{\"unrolled\":{\"dim\":32,\"blocks\":2,"
                + "\"heads\":2}},\"training\":{\"steps\":3,\"batch\":4}}");
        thereAre(folder.resolve("runs/unrolled"), "transformer.safetensors", "samples/fox/1.png", "report.html");
        Path drawn = folder.resolve("drawn-unrolled");
        done("sample", "unrolled", "--class", "fox", "-n", "1", "--temperature", "1,0.8", "--precision", "bfloat16", "--out",
                drawn.toString());
        thereAre(drawn, "fox/0.png");
        assertTrue(done("show", "unrolled").contains("\"generator\""));
    }

    @Test
    void aGridIsCompared() throws IOException {
        Path grid = Files.writeString(folder.resolve("grid.json"), """
                {"name": "grid", "base": "tiny.json", "axes": {"guidance": {"1": {"sampling.options.guidance": 1},
                  "2": {"sampling.options.guidance": 2}}}, "report": ["words", "loss"]}
                """);
        assertTrue(done("compare", grid.toString(), "--list").contains("of 1"));
        assertTrue(done("compare", grid.toString()).contains("2 of 2 cells are done"));
        thereAre(folder.resolve("runs/grid"), "compare.html", "compare.md", "compare.json", "plots.png", "1/report.html",
                "2/samples/fox/0.png");
    }

    @Test
    void theArrowsOneByOne() {
        done("train-tokenizer", config, "--name", "arrows", "--set", "data={\"text\":{\"files\":\"" + plain(folder)
                + "/tiny.json\",\"side\":32,\"size\":8,\"margin\":2,\"heldOut\":0.5}}");
        done("encode", "arrows");
        done("train", "arrows");
        thereAre(folder.resolve("runs/arrows"), "tokenizer.safetensors", "codes", "transformer.safetensors");
    }

    @Test
    void picturesOfEveryKindAreReadFromAFolder() throws IOException {
        Path photos = Files.createDirectory(folder.resolve("photos"));
        for (String kind : List.of("jpg", "png", "gif", "bmp")) {
            for (int i = 0; i < 3; i++) {
                Files.write(photos.resolve(i + "." + kind), picture(kind, i));
            }
        }
        learn("photos", "{\"folder\":{\"path\":\"" + plain(photos) + "\",\"side\":32,\"heldOut\":0.25}}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"shard.tar", "shard.tar.gz"})
    void picturesAreReadFromShards(String name) throws IOException {
        Path shard = folder.resolve(name);
        try (OutputStream file = Files.newOutputStream(shard);
                OutputStream out = name.endsWith(".gz") ? new GZIPOutputStream(file) : file) {
            for (int i = 0; i < 8; i++) {
                entry(out, i + ".jpg", picture("jpg", i));
                entry(out, i + ".cls", Integer.toString(i % 2).getBytes(StandardCharsets.US_ASCII));
            }
            out.write(new byte[1024]);
        }
        learn(name, "{\"tar\":{\"shards\":\"" + plain(shard) + "\",\"side\":32,\"heldOut\":0.25}}");
    }

    private static void learn(String name, String data) {
        done("train-tokenizer", config, "--name", name, "--set", "data=" + data);
        thereAre(folder.resolve("runs").resolve(name), "tokenizer.safetensors");
    }

    @Test
    void theShippedCasesPass() {
        String answer = done("check", "--json");
        assertTrue(answer.contains("\"failed\" : 0") && answer.contains("\"unknown\" : 0"), answer);
        assertTrue(answer.contains("vb_rqvae_nonshared_d4"), answer);
    }

    @Test
    void theMachineIsMeasured() {
        String answer = done("bench", "decode", "--preset", "toy", "--precision", "float32", "--positions", "1",
                "--repeats", "1", "--json");
        assertTrue(answer.contains("\"bandwidth_gbs\"") && answer.contains("\"preset\" : \"toy\""), answer);
    }

    private static void thereAre(Path in, String... files) {
        for (String file : files) {
            assertTrue(Files.isRegularFile(in.resolve(file)), in + " has no " + file);
        }
    }

    /** As it stands in JSON. */
    private static String plain(Path path) {
        return path.toString().replace('\\', '/');
    }

    private static byte[] picture(String format, int seed) throws IOException {
        BufferedImage image = new BufferedImage(44, 36, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                image.setRGB(x, y, Color.HSBtoRGB(seed / 8f, x / 44f, y / 36f));
            }
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        assertTrue(ImageIO.write(image, format, bytes), format);
        return bytes.toByteArray();
    }

    /** One file of a tar archive: a block that says what it is, and its bytes in whole blocks. */
    private static void entry(OutputStream out, String name, byte[] bytes) throws IOException {
        byte[] head = new byte[512];
        put(head, 0, name);
        put(head, 100, "0000644");
        put(head, 124, String.format("%011o", bytes.length));
        put(head, 136, "00000000000");
        put(head, 148, "        ");
        put(head, 156, "0");
        put(head, 257, "ustar\00000");
        int sum = 0;
        for (byte b : head) {
            sum += b & 0xFF;
        }
        put(head, 148, String.format("%06o\0", sum));
        out.write(head);
        out.write(Arrays.copyOf(bytes, (bytes.length + 511) / 512 * 512));
    }

    private static void put(byte[] head, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, head, at, bytes.length);
    }
}
