package org.dnd4j.core.run;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.dnd4j.core.Whole;
import org.dnd4j.core.Why;
import org.dnd4j.spi.UserError;

/** Where the things of one run lie. */
public record RunDirectory(Path path) {
    /**
     * What this process has claimed. To be asked before the lock is opened: a process that closes any channel of a file
     * loses its locks on it (POSIX).
     */
    private static final Set<Path> CLAIMED = ConcurrentHashMap.newKeySet();

    /** The experiment, with every default filled in. */
    public Path experiment() {
        return path.resolve("experiment.json");
    }

    /** The tokenizer's checkpoint. */
    public Path tokenizer() {
        return path.resolve("tokenizer.safetensors");
    }

    /** What each step of the tokenizer's training measured. */
    public Path tokenizerJournal() {
        return path.resolve("tokenizer.jsonl");
    }

    /** The codes of all images. */
    public Path codes() {
        return path.resolve("codes");
    }

    /** The transformer's checkpoint. */
    public Path transformer() {
        return path.resolve("transformer.safetensors");
    }

    /** What each step of the transformer's training measured. */
    public Path transformerJournal() {
        return path.resolve("transformer.jsonl");
    }

    /** Generated pictures, {@code <label>/<index>.png}. */
    public Path samples() {
        return path.resolve("samples");
    }

    /** How long each stage took and what was measured, as far as the run has come. */
    public Path measured() {
        return path.resolve("measured.json");
    }

    /** Any other file of the run. */
    public Path file(String name) {
        return path.resolve(name);
    }

    /** Whether a file or folder, there already or not, lies in the directory or is the directory itself. */
    boolean holds(Path file) {
        return real(file).startsWith(real(path));
    }

    /** A path without links, as far as it is there. */
    private static Path real(Path file) {
        Path there = file.toAbsolutePath().normalize();
        Path rest = Path.of("");
        while (there.getParent() != null && !Files.exists(there)) {
            rest = there.getFileName().resolve(rest);
            there = there.getParent();
        }
        try {
            return there.toRealPath().resolve(rest).normalize();
        } catch (IOException e) {
            return there.resolve(rest).normalize();
        }
    }

    /** Writes a text file whole or not at all. */
    public void write(Path file, String text) {
        Whole.write(file, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Takes back an experiment of which nothing was learnt, so that it can be put right under the same name. */
    void forgetUntrained() {
        boolean learnt = Files.exists(tokenizerJournal()) && Headers.steps(tokenizer()) > 0;
        if (!learnt && !Files.exists(codes())) {
            remove(List.of(tokenizerJournal(), tokenizer(), transformer(), experiment()));
        }
    }

    /** Removes files, and folders that nothing else lies in, which would not be ours to judge. */
    private static void remove(List<Path> paths) {
        for (Path path : paths) {
            try {
                Files.deleteIfExists(path);
            } catch (IOException e) {
                continue; // what led here is the news
            }
        }
    }

    /** This folder, and those around it that are not there yet. */
    private List<Path> folders() {
        List<Path> folders = new ArrayList<>(List.of(path));
        for (Path p = path.getParent(); p != null && !Files.exists(p); p = p.getParent()) {
            folders.add(p);
        }
        return folders;
    }

    /** A claim to be the only writer, until closed; no folder is left then in which there is no experiment. */
    public interface Claim extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Makes the directory if need be and claims it.
     *
     * @throws UserError if another process, or another job of this one, is writing
     */
    public Claim claim() {
        List<Path> made = folders();
        try {
            Files.createDirectories(path);
            Path claimed = path.toRealPath();
            if (!CLAIMED.add(claimed)) {
                throw inUse();
            }
            try {
                return locked(claimed, made);
            } catch (IOException | RuntimeException e) {
                CLAIMED.remove(claimed);
                throw e;
            }
        } catch (IOException e) {
            remove(made);
            throw new UserError(path + ": cannot be made or written: " + Why.of(e), e);
        }
    }

    private Claim locked(Path claimed, List<Path> made) throws IOException {
        Path file = path.resolve(".lock");
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = tryLock(channel);
        if (lock == null || !Files.exists(file)) { // the one before has just removed it
            channel.close();
            throw inUse();
        }
        return () -> {
            boolean begun = Files.exists(experiment());
            if (!begun) {
                remove(List.of(file)); // while it is locked, so that it is nobody else's
            }
            try {
                channel.close();
            } catch (IOException e) {
                throw new UserError(file + ": cannot be released: " + Why.of(e), e);
            } finally {
                CLAIMED.remove(claimed);
            }
            if (!begun) {
                remove(made);
            }
        };
    }

    private UserError inUse() {
        return new UserError(path + ": is in use by another run; wait for it, or choose another --name");
    }

    private static FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException mine) {
            return null;
        }
    }
}
