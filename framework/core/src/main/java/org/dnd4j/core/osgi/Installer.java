package org.dnd4j.core.osgi;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Collectors;
import org.dnd4j.core.Why;
import org.dnd4j.core.experiment.Plugins;
import org.dnd4j.core.experiment.Plugins.Known;
import org.dnd4j.spi.UserError;

/**
 * Puts jars into the user's folder. A jar is written beside its place, tried there and renamed, so that whenever this
 * process is killed, whoever starts next finds the old one or the new one.
 */
final class Installer {
    private static final String HALF = ".tmp";

    private final Shelf shelf;
    private final Loader loader;
    private final Path folder;

    Installer(Shelf shelf, Loader loader, Path folder) {
        this.shelf = shelf;
        this.loader = loader;
        this.folder = folder;
    }

    Plugins.Installed install(Path jar) {
        Path name = jar.getFileName();
        if (name == null || !Files.isRegularFile(jar) || !name.toString().endsWith(".jar")) {
            throw new UserError(jar + ": " + (Files.exists(jar) ? "is no jar" : "there is no such file"));
        } else if (folder == null) {
            throw new UserError("there is no folder for plugins: name one with -Ddnd4j.plugins=FOLDER");
        }
        Path place = folder.resolve(name);
        try {
            Files.createDirectories(folder);
            if (Files.exists(place) && Files.isSameFile(jar, place)) {
                throw new UserError(jar + ": lies in the folder of plugins already");
            }
            forgetOrphans(name);
            Path half = folder.resolve(name + "." + ProcessHandle.current().pid() + HALF);
            try {
                copy(jar, half);
                tryOut(jar, half);
                Files.move(half, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(half);
            }
            sync(folder);
        } catch (IOException e) {
            throw new UserError(place + ": cannot be written: " + Why.of(e), e);
        }
        shelf.scan(place::equals);
        return installed(place);
    }

    /** What installers that were killed have left. */
    private void forgetOrphans(Path name) throws IOException {
        try (DirectoryStream<Path> halves = Files.newDirectoryStream(folder, "*" + HALF)) {
            for (Path half : halves) {
                String rest = half.getFileName().toString();
                rest = rest.startsWith(name + ".") ? rest.substring(name.toString().length() + 1) : "";
                if (rest.matches("\\d{1,18}\\" + HALF)
                        && ProcessHandle.of(Long.parseLong(rest.replace(HALF, ""))).isEmpty()) {
                    Files.deleteIfExists(half);
                }
            }
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel out = FileChannel.open(to, StandardOpenOption.WRITE)) {
            out.force(true);
        }
    }

    /** The name in the folder lasts as the content does; not every system lets a folder be synced. */
    private static void sync(Path folder) {
        try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
            names.force(true);
        } catch (IOException e) {
            return;
        }
    }

    private void tryOut(Path jar, Path half) {
        Loader.Loaded loaded = loader.load(half);
        Loader.unload(loaded.bundle());
        String wrong = loaded.plugins().stream()
                .filter(k -> k.state().equals(Plugins.FAILED))
                .map(k -> k.spi() == null && k.version().isEmpty() ? k.reason() : k.identity() + ": " + k.reason())
                .collect(Collectors.joining("; "));
        if (!wrong.isEmpty()) {
            throw new UserError(jar + ": " + wrong);
        }
    }

    private Plugins.Installed installed(Path place) {
        List<Known> brought = shelf.catalog().rows().stream()
                .filter(r -> r.edition().there() && r.edition().jar().equals(place))
                .map(Catalog.Row::known)
                .toList();
        String older = brought.stream()
                .filter(k -> k.state().equals(Plugins.SUPERSEDED))
                .map(Known::identity)
                .collect(Collectors.joining(", "));
        return new Plugins.Installed(
                place,
                brought.stream().map(Known::identity).toList(),
                "by runs that start from now on"
                        + (older.isEmpty() ? "" : "; " + older + " only by those that ask for it: there is a newer one"));
    }

    Plugins.Removed remove(String reference) {
        Catalog catalog = shelf.catalog();
        Edition edition = Removal.chosen(catalog, folder, reference);
        List<Known> gone = catalog.rows().stream()
                .filter(r -> r.edition() == edition)
                .map(Catalog.Row::known)
                .toList();
        if (!edition.stamp().equals(Stamp.of(edition.jar()))) {
            throw new UserError(edition.jar() + ": has just been changed; try again");
        }
        try {
            Files.delete(edition.jar());
        } catch (IOException e) {
            throw new UserError(edition.jar() + ": cannot be deleted: " + Why.of(e), e);
        }
        shelf.scan(jar -> false);
        return new Plugins.Removed(
                edition.jar(),
                gone.stream().map(Known::identity).toList(),
                gone.stream().flatMap(k -> k.users().stream()).distinct().sorted().toList());
    }
}
