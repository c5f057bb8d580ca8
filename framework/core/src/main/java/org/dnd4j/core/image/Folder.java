package org.dnd4j.core.image;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.dnd4j.core.Why;
import org.dnd4j.core.code.Split;
import org.dnd4j.spi.UserError;

/**
 * Pictures in a folder: PNG, JPEG, GIF (its first picture) and BMP; grey, transparent (on white), CMYK and 16-bit ones are
 * converted to 8-bit sRGB. Other files are passed over.
 *
 * <p>Evaluated and encoded is ADM's centre crop; training takes random squares from the picture with its shorter edge at
 * {@code resize}, half of them mirrored (REFERENCE A.4).
 *
 * @param path of the folder
 * @param side pixels along an edge of the crop
 * @param labels {@code subfolders}: the first folder below {@code path} is the class; {@code none}; or the path of a table
 *     with tabs whose head names the columns {@code file} (with or without extension), {@code class} and perhaps
 *     {@code name}. By default a {@code labels.tsv} in the folder or beside it, else subfolders if there are any
 * @param classes how many classes there are; by default what the labels show
 * @param recursive whether pictures lie at any depth, true
 * @param resize the shorter edge that training's squares are cut from, by default {@code side}
 * @param mirror whether training mirrors, true; wrong for pictures with text
 * @param upscale whether a picture smaller than the crop is made larger; false: it is an error
 * @param lenient whether unreadable and too small pictures are skipped and counted; false: the first is an error. Decodes
 *     every picture once in advance
 * @param validation a folder of its own for validation; by default a share of the pictures is held out
 * @param heldOut that share, 0.05
 */
public record Folder(
        String path,
        Integer side,
        String labels,
        Integer classes,
        Boolean recursive,
        Integer resize,
        Boolean mirror,
        Boolean upscale,
        Boolean lenient,
        String validation,
        Double heldOut)
        implements Dataset {
    public Folder {
        if (path == null) {
            throw new UserError("path is missing: the folder of the pictures");
        }
        View view = View.of(side, resize, mirror, upscale);
        recursive = recursive == null || recursive;
        resize = view.resize();
        mirror = view.mirror();
        upscale = view.upscale();
        lenient = lenient != null && lenient;
        heldOut = Held.share(heldOut);
    }

    @Override
    public boolean apart() {
        return validation != null;
    }

    @Override
    public Images open(Split split, long seed) {
        Labels known = known();
        boolean apart = validation != null && split == Split.VALIDATION;
        Path from = Path.of(apart ? validation : path);
        List<Encoded> found = found(from, known);
        List<Pictures.Entry> usable = Encoded.usable(found, view(), lenient);
        if (usable.isEmpty()) {
            throw new UserError(from + ": all of its " + found.size() + " pictures are unreadable or too small");
        }
        int skipped = found.size() - usable.size();
        return new Pictures(
                view(),
                known.names(),
                validation == null ? Pictures.split(split, usable, heldOut) : usable,
                skipped);
    }

    private View view() {
        return View.of(side, resize, mirror, upscale);
    }

    private List<Encoded> found(Path folder, Labels known) {
        List<Encoded> found = new ArrayList<>();
        ToIntFunction<Path> label = known.of(folder);
        for (Path file : pictures(folder, known)) {
            String within = folder.relativize(file).toString().replace(File.separatorChar, '/');
            found.add(new Encoded(file.toString(), within, label.applyAsInt(file), () -> Files.newInputStream(file)));
        }
        if (found.isEmpty()) {
            throw new UserError(folder + ": holds no picture (.png, .jpg, .jpeg, .gif, .bmp)");
        }
        return found;
    }

    private List<Path> pictures(Path folder, Labels known) {
        int depth = recursive ? Integer.MAX_VALUE : known.bySubfolder() ? 2 : 1;
        return pictures(folder, depth);
    }

    static List<Path> pictures(Path folder, int depth) {
        if (!Files.isDirectory(folder)) {
            throw new UserError(folder + ": is not a folder" + (Files.exists(folder) ? "" : ", it does not exist"));
        }
        try (Stream<Path> all = Files.walk(folder, depth, FileVisitOption.FOLLOW_LINKS)) {
            return all.filter(f -> Encoded.isPicture(extension(f)) && !Files.isDirectory(f))
                    .sorted()
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            throw new UserError(folder + ": cannot be read: " + Why.of(e), e);
        }
    }

    /** In lower case, without the dot; empty for hidden files. */
    static String extension(Path file) {
        String name = file.getFileName().toString();
        int dot = name.lastIndexOf('.');
        return dot < 1 || name.startsWith(".") ? "" : name.substring(dot + 1).toLowerCase(Locale.ROOT);
    }

    private Labels known() {
        Path folder = Path.of(path);
        if (labels == null) {
            Path inside = folder.resolve("labels.tsv");
            Path beside = folder.toAbsolutePath().normalize().resolveSibling("labels.tsv");
            if (Files.exists(inside) || Files.exists(beside)) {
                return Labels.table(Files.exists(inside) ? inside : beside, classes);
            }
            List<Path> all = pictures(folder, Integer.MAX_VALUE);
            boolean sorted = !all.isEmpty() && all.stream().noneMatch(f -> folder.equals(f.getParent()));
            return sorted ? Labels.subfolders(folder, classes) : Labels.none();
        }
        return switch (labels) {
            case "none" -> Labels.none();
            case "subfolders" -> Labels.subfolders(folder, classes);
            default -> Labels.table(Path.of(labels), classes);
        };
    }
}
