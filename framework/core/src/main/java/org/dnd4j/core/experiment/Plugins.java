package org.dnd4j.core.experiment;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dnd4j.core.guard.Identity;
import org.dnd4j.core.json.Nearest;
import org.dnd4j.spi.UserError;

/** What can be named in an experiment: the plugins there are, newest version first. */
public interface Plugins {
    /** The newest of its name: what an experiment gets that asks for no version. */
    String READY = "ready";

    /** A newer version is ready; an experiment that asks for this one gets it. */
    String SUPERSEDED = "superseded";

    /** Its jar was overwritten or deleted; who uses it keeps it, and nobody else gets it. */
    String RETIRED = "retired";

    /** Nobody can use it, for a reason. */
    String FAILED = "failed";

    /**
     * One plugin.
     *
     * @param spi the interface it implements, null if it could not be told
     * @param name the value of its {@code @Plugin} annotation
     * @param version its bundle's version
     * @param type the record, null if it failed or is not loaded
     * @param bundle the symbolic name of the bundle, or the file it should have come from
     * @param file the jar it came from, as it was named, empty if it came from none
     * @param state {@link #READY}, {@link #SUPERSEDED}, {@link #RETIRED} or {@link #FAILED}
     * @param users the runs of this process that hold it, each once
     * @param reason why it failed, otherwise empty
     */
    record Known(
            Class<?> spi,
            String name,
            String version,
            Class<? extends Record> type,
            String bundle,
            String file,
            String state,
            List<String> users,
            String reason) {

        boolean ready() {
            return state.equals(READY);
        }

        /** Whether an experiment that asks for its version gets it. */
        boolean offered() {
            return ready() || state.equals(SUPERSEDED);
        }

        /** The same, from that jar. */
        public Known from(String jar) {
            return new Known(spi, name, version, type, bundle, jar, state, users, reason);
        }

        /** The same, of which the classes are gone. */
        public Known unloaded() {
            return new Known(spi, name, version, null, bundle, file, state, users, reason);
        }

        /** The same as it stands now. */
        public Known standing(String now, List<String> holders) {
            return new Known(spi, name, version, type, bundle, file, now, holders, reason);
        }

        /** {@code name@version}, or the name alone where there is no version. */
        public String identity() {
            return version.isEmpty() ? name : name + "@" + version;
        }
    }

    /** All plugins of this moment, of one SPI and name the newest first; failed ones too. */
    List<Known> all();

    /** Plugins of which whatever was found in them is there until they are closed. */
    interface Held extends Plugins, AutoCloseable {
        /** Says which run holds them, for whoever asks who uses what. */
        void by(String run);

        @Override
        void close();
    }

    /** These plugins, to be used for longer than a moment: what {@code user} finds is held for it from then on. */
    default Held hold(String user) {
        return new Unhurried(this);
    }

    /** What {@code install} did. */
    record Installed(Path file, List<String> brings, String used) {}

    /**
     * Adds a jar to the user's plugins, or puts it in place of one of the same name, once it is certain that it works.
     *
     * @throws UserError saying what is wrong with it
     */
    default Installed install(Path jar) {
        throw new UserError("the plugins of this program are fixed: none can be installed");
    }

    /** What {@code remove} did; {@code users} are the runs of this process that hold something of the jar until they end. */
    record Removed(Path file, List<String> removes, List<String> users) {}

    /**
     * Deletes the jar of one of the user's plugins, and with it whatever else is in that jar.
     *
     * @param reference {@code name}, or {@code name@version} where there are several
     * @throws UserError if there is none, naming the nearest, or if it is not the user's
     */
    default Removed remove(String reference) {
        throw new UserError("the plugins of this program are fixed: none can be removed");
    }

    /**
     * The newest plugin of that name, or that of the version asked for.
     *
     * @param reference {@code name} or {@code name@version}; the version may be cut short at a dot
     * @throws UserError naming what there is, the nearest name first
     */
    default Known find(Class<?> spi, String reference) {
        return find(all(), spi, reference);
    }

    /** The same among {@code all}. */
    static Known find(List<Known> all, Class<?> spi, String reference) {
        Reference asked = Reference.of(reference);
        String name = asked.name();
        String kind = spi.getSimpleName().toLowerCase(Locale.ROOT);
        List<Known> candidates = all.stream().filter(k -> k.spi() == spi && k.offered()).toList();
        List<Known> named = candidates.stream().filter(k -> k.name().equals(name)).toList();
        for (Known known : named) {
            if (asked.fits(known)) {
                return known;
            }
        }
        if (!named.isEmpty()) {
            throw new UserError(kind + " '" + name + "' is not here in version " + asked.version() + ", only in "
                    + named.stream().map(Known::version).collect(Collectors.joining(", ")));
        }
        String failed = all.stream()
                .filter(k -> k.state().equals(FAILED) && k.name().equals(name))
                .map(k -> "; a plugin of that name failed: " + k.reason())
                .findFirst()
                .orElse("");
        throw new UserError("unknown " + kind + " '" + name + "'"
                + Nearest.among(name, candidates.stream().map(Known::name).distinct().toList()) + failed);
    }

    /**
     * A plugin as somebody asks for it: {@code name}, or {@code name@version}.
     *
     * @param version perhaps cut short at a dot; empty if it does not matter
     */
    record Reference(String name, String version) {
        /** What a text asks for. */
        public static Reference of(String text) {
            String name = text.replaceFirst("@.*", "");
            return new Reference(name, text.contains("@") ? text.substring(name.length() + 1) : "");
        }

        /** Whether a plugin is one that it asks for. */
        public boolean fits(Known known) {
            return known.name().equals(name)
                    && (version.isEmpty() || known.version().equals(version) || known.version().startsWith(version + "."));
        }
    }

    /** A fixed set of plugins of one version, for tests and for programs that embed the runtime without OSGi. */
    @SafeVarargs
    static Plugins of(String version, Class<? extends Record>... types) {
        List<Known> all = Stream.of(types)
                .map(t -> new Known(Identity.spi(t), nameOf(t), version, t, t.getPackageName(), "", READY, List.of(), ""))
                .sorted(Comparator.comparing(Known::name))
                .toList();
        return () -> all;
    }

    /** The name in a record's {@code @Plugin} annotation. */
    private static String nameOf(Class<?> type) {
        org.dnd4j.spi.Plugin plugin = type.getAnnotation(org.dnd4j.spi.Plugin.class);
        if (plugin == null) {
            throw new IllegalArgumentException(type.getName() + " has no @Plugin annotation");
        }
        return plugin.value();
    }
}
