package org.dnd4j.core.image;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.dnd4j.spi.UserError;

/**
 * A picture in a file, not yet decoded.
 *
 * @param name unique in the data set, and what messages call it
 * @param within what it is called inside the data set, wherever that lies
 * @param label its class
 * @param source of its bytes
 */
record Encoded(String name, String within, int label, Decoder.Source source) {
    private static final Set<String> EXTENSIONS = Set.of("png", "jpg", "jpeg", "gif", "bmp");

    /** Whether a file of this extension, in lower case and without its dot, is taken for a picture. */
    static boolean isPicture(String extension) {
        return EXTENSIONS.contains(extension);
    }

    /**
     * The pictures that can be used. Strictly, the head of every file is read, and the first that is unreadable or too
     * small is an error; a body that turns out damaged is one when it is decoded. Leniently, every picture is decoded
     * once, so that none fails later, and those that fail are left out.
     */
    static List<Pictures.Entry> usable(List<Encoded> all, View view, boolean lenient) {
        return all.parallelStream()
                .filter(e -> !lenient || e.decodes(view))
                .map(e -> e.checked(view))
                .toList();
    }

    private Pictures.Entry checked(View view) {
        Decoder.Size size = Decoder.size(name, source);
        String trouble = view.trouble(size.width(), size.height());
        if (trouble != null) {
            throw new UserError(name + ": " + trouble + ": remove it, make side smaller, or set upscale or lenient");
        }
        return new Pictures.Entry(name, within, label, () -> Decoder.read(name, source));
    }

    private boolean decodes(View view) {
        try {
            Picture picture = Decoder.read(name, source);
            return view.trouble(picture.width(), picture.height()) == null;
        } catch (UserError e) {
            return false;
        }
    }

    /**
     * The files that patterns name, sorted: paths, with {@code *}, <code>?</code>, {@code [ab]} or <code>{a,b}</code> in
     * the last part of them.
     *
     * @throws UserError if one names no file
     */
    static List<Path> files(List<String> patterns) {
        Set<Path> found = new TreeSet<>();
        for (String pattern : patterns) {
            List<Path> matching = pattern.matches(".*[*?\\[{][^/]*") ? matching(pattern) : List.of(Path.of(pattern));
            for (Path file : matching) {
                if (!Files.isRegularFile(file)) {
                    throw new UserError(file + ": does not exist" + (Files.isDirectory(file) ? " as a file" : ""));
                }
            }
            if (matching.isEmpty()) {
                throw new UserError(pattern + ": matches no file");
            }
            found.addAll(matching);
        }
        return new ArrayList<>(found);
    }

    private static List<Path> matching(String pattern) {
        int slash = pattern.lastIndexOf('/');
        Path folder = Path.of(slash < 0 ? "." : slash == 0 ? "/" : pattern.substring(0, slash));
        PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern.substring(slash + 1));
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(f -> matcher.matches(f.getFileName()))
                    .map(f -> slash < 0 ? f.getFileName() : f)
                    .toList();
        } catch (IOException e) {
            throw new UserError(pattern + ": the folder " + folder + " cannot be read", e);
        }
    }
}
