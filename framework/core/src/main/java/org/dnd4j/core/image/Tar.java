package org.dnd4j.core.image;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarFile;
import org.dnd4j.core.Why;
import org.dnd4j.core.code.Split;
import org.dnd4j.spi.UserError;

/**
 * Pictures in WebDataset shards: tar files, gzipped or not, in which {@code KEY.jpg} (or png, gif, bmp) is a picture and
 * {@code KEY.cls} its class as a decimal number. Pictures of gzipped shards stay in memory, encoded; those of plain ones
 * are read from their place. What is made of them is what {@link Folder} says.
 *
 * @param shards paths, with {@code *} and <code>?</code> in their last part
 * @param side pixels along an edge of the crop
 * @param classes a file with the name of a class a line; by default {@code classes.txt} beside the first shard if it
 *     exists, else the numbers that occur
 * @param resize the shorter edge that training's squares are cut from, by default {@code side}
 * @param mirror whether training mirrors, true
 * @param upscale whether a picture smaller than the crop is made larger; false: it is an error
 * @param lenient whether unreadable and too small pictures are skipped and counted; false: the first is an error
 * @param validation shards for validation, which are then not trained on though {@code shards} name them too; by default
 *     a share of the pictures is held out
 * @param heldOut that share, 0.05
 */
public record Tar(
        List<String> shards,
        Integer side,
        String classes,
        Integer resize,
        Boolean mirror,
        Boolean upscale,
        Boolean lenient,
        List<String> validation,
        Double heldOut)
        implements Dataset {
    private static final int BLOCK = 512;

    public Tar {
        if (shards == null || shards.isEmpty()) {
            throw new UserError("shards is missing: the tar files of the pictures");
        }
        View view = View.of(side, resize, mirror, upscale);
        shards = List.copyOf(shards);
        resize = view.resize();
        mirror = view.mirror();
        upscale = view.upscale();
        lenient = lenient != null && lenient;
        validation = validation == null || validation.isEmpty() ? null : List.copyOf(validation);
        heldOut = Held.share(heldOut);
    }

    /** One sample of a shard while it is put together. */
    private static final class Sample {
        private String picture;
        private String within;
        private Decoder.Source source;
        private Integer label;
    }

    @Override
    public boolean apart() {
        return validation != null;
    }

    @Override
    public Images open(Split split, long seed) {
        List<Path> apart = validation == null ? List.of() : Encoded.files(validation);
        List<Path> train = new ArrayList<>(Encoded.files(shards));
        List<String> given = named(train.get(0));
        train.removeAll(apart);
        if (train.isEmpty()) {
            throw new UserError("validation takes all of the shards " + shards + ", so none is left to train on");
        }
        List<Encoded> all = samples(validation != null && split == Split.VALIDATION ? apart : train);
        List<Pictures.Entry> usable = Encoded.usable(all, view(), lenient);
        if (usable.isEmpty()) {
            throw new UserError(train.get(0) + ": all pictures are unreadable or too small");
        }
        List<String> names = given != null ? given : numbers(all);
        for (Encoded e : all) {
            if (e.label() >= names.size()) {
                throw new UserError(e.name() + ": is of class " + e.label() + ", outside the " + names.size() + " classes");
            }
        }
        return new Pictures(
                view(),
                names,
                validation == null ? Pictures.split(split, usable, heldOut) : usable,
                all.size() - usable.size());
    }

    private View view() {
        return View.of(side, resize, mirror, upscale);
    }

    private List<String> named(Path first) {
        Path file = classes != null ? Path.of(classes) : first.toAbsolutePath().resolveSibling("classes.txt");
        if (classes == null && !Files.exists(file)) {
            return null;
        }
        try {
            return Files.readAllLines(file).stream().map(String::strip).filter(l -> !l.isEmpty()).toList();
        } catch (IOException e) {
            throw new UserError(file + ": cannot be read: " + Why.of(e), e);
        }
    }

    /** What the classes are called where no file says it: both splits together, so that they agree. */
    private List<String> numbers(List<Encoded> all) {
        List<Encoded> both = new ArrayList<>(all);
        if (validation != null) {
            List<Path> files = new ArrayList<>(Encoded.files(shards));
            files.addAll(Encoded.files(validation));
            both = samples(files.stream().distinct().toList());
        }
        int most = both.stream().mapToInt(Encoded::label).max().orElse(0);
        List<String> names = new ArrayList<>();
        for (int i = 0; i <= most; i++) {
            names.add(Integer.toString(i));
        }
        return names;
    }

    private static List<Encoded> samples(List<Path> shards) {
        List<Encoded> samples = new ArrayList<>();
        int unlabelled = 0;
        for (Path shard : shards) {
            for (Sample s : samples(shard).values()) {
                unlabelled += s.label == null ? 1 : 0;
                samples.add(new Encoded(s.picture, s.within, s.label == null ? 0 : s.label, s.source));
            }
        }
        if (samples.isEmpty()) {
            throw new UserError(shards + ": hold no picture (.jpg, .jpeg, .png, .gif, .bmp)");
        }
        if (unlabelled > 0 && unlabelled < samples.size()) {
            throw new UserError(shards + ": " + unlabelled + " of " + samples.size() + " pictures have no .cls");
        }
        return samples;
    }

    private static Map<String, Sample> samples(Path shard) {
        Map<String, Sample> samples = new LinkedHashMap<>();
        try {
            if (shard.toString().matches(".*\\.(gz|tgz)")) {
                packed(shard, samples);
            } else {
                plain(shard, samples);
            }
        } catch (IOException | RuntimeException e) {
            if (e instanceof UserError error) {
                throw error;
            }
            throw new UserError(shard + ": is not a tar file, or damaged or cut short: " + Why.of(e), e);
        }
        samples.values().removeIf(s -> s.picture == null);
        return samples;
    }

    private static void packed(Path shard, Map<String, Sample> samples) throws IOException {
        try (InputStream file = new BufferedInputStream(Files.newInputStream(shard), 1 << 16);
                TarArchiveInputStream tar = new TarArchiveInputStream(new GZIPInputStream(file, 1 << 16))) {
            for (TarArchiveEntry e = tar.getNextEntry(); e != null; e = tar.getNextEntry()) {
                add(shard, e, () -> tar, true, samples);
            }
        }
    }

    private static void plain(Path shard, Map<String, Sample> samples) throws IOException {
        long end = 0;
        try (TarFile tar = new TarFile(shard)) {
            for (TarArchiveEntry e : tar.getEntries()) {
                add(shard, e, () -> tar.getInputStream(e), false, samples);
                end = e.getDataOffset() + e.getSize();
            }
        }
        long rest = Files.size(shard) - end - Math.floorMod(-end, BLOCK);
        if (Files.size(shard) < end || rest > 0 && rest < BLOCK) {
            throw new EOFException("it ends early"); // which TarFile passes over
        }
    }

    /** Adds a file to its sample; {@code now} is what can be read as long as the shard is open. */
    private static void add(
            Path shard, TarArchiveEntry e, Decoder.Source now, boolean packed, Map<String, Sample> samples)
            throws IOException {
        String extension = Folder.extension(Path.of(e.getName()));
        if (!e.isFile() || extension.isEmpty()) {
            return;
        }
        String key = e.getName().substring(0, e.getName().length() - extension.length() - 1);
        if (extension.equals("cls")) {
            String text = new String(now.open().readAllBytes(), StandardCharsets.US_ASCII).strip();
            samples.computeIfAbsent(key, k -> new Sample()).label = label(shard, e.getName(), text);
        } else if (Encoded.isPicture(extension)) {
            Sample sample = samples.computeIfAbsent(key, k -> new Sample());
            sample.picture = shard + "/" + e.getName();
            sample.within = shard.getFileName() + "/" + key;
            sample.source = packed ? kept(now.open().readAllBytes()) : at(shard, e.getDataOffset(), (int) e.getSize());
        }
    }

    private static int label(Path shard, String name, String text) {
        if (!text.matches("\\d{1,7}")) {
            throw new UserError(shard + "/" + name + ": must be the number of a class, not '" + text + "'");
        }
        return Integer.parseInt(text);
    }

    private static Decoder.Source kept(byte[] bytes) {
        return () -> new ByteArrayInputStream(bytes);
    }

    private static Decoder.Source at(Path shard, long offset, int length) {
        return () -> {
            byte[] bytes = new byte[length];
            try (RandomAccessFile file = new RandomAccessFile(shard.toFile(), "r")) {
                file.seek(offset);
                file.readFully(bytes);
            }
            return new ByteArrayInputStream(bytes);
        };
    }
}
