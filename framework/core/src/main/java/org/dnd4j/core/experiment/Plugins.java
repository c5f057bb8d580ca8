package org.dnd4j.core.experiment;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dnd4j.core.json.Nearest;
import org.dnd4j.spi.UserError;

/** What can be named in an experiment: a snapshot of the plugins there are, newest version first. */
public interface Plugins {

    /**
     * One plugin.
     *
     * @param spi the interface it implements, null if it could not be told
     * @param name the value of its {@code @Plugin} annotation
     * @param version its bundle's version
     * @param type the record, null unless {@code state} is {@code ready}
     * @param bundle the symbolic name of the bundle, or the file it should have come from
     * @param state {@code ready}, {@code retired} or {@code failed}
     * @param reason why it failed, otherwise empty
     */
    record Known(
            Class<?> spi,
            String name,
            String version,
            Class<? extends Record> type,
            String bundle,
            String state,
            String reason) {

        boolean ready() {
            return state.equals("ready");
        }
    }

    /** All plugins, of one SPI and name the newest first; failed ones too. */
    List<Known> all();

    /**
     * The newest ready plugin of that name.
     *
     * @param reference {@code name} or {@code name@version}; the version may be cut short at a dot
     * @throws UserError naming what there is, the nearest name first
     */
    default Known find(Class<?> spi, String reference) {
        String name = reference.replaceFirst("@.*", "");
        String version = reference.contains("@") ? reference.substring(name.length() + 1) : "";
        String kind = spi.getSimpleName().toLowerCase(Locale.ROOT);
        List<Known> candidates = all().stream().filter(k -> k.spi() == spi && k.ready()).toList();
        List<Known> named = candidates.stream().filter(k -> k.name().equals(name)).toList();
        for (Known known : named) {
            if (version.isEmpty() || known.version().equals(version) || known.version().startsWith(version + ".")) {
                return known;
            }
        }
        if (!named.isEmpty()) {
            throw new UserError(kind + " '" + name + "' is not here in version " + version + ", only in "
                    + named.stream().map(Known::version).collect(Collectors.joining(", ")));
        }
        String failed = all().stream()
                .filter(k -> !k.ready() && k.name().equals(name))
                .map(k -> "; a plugin of that name failed: " + k.reason())
                .findFirst()
                .orElse("");
        throw new UserError("unknown " + kind + " '" + name + "'"
                + Nearest.among(name, candidates.stream().map(Known::name).distinct().toList()) + failed);
    }

    /** The plugin in whose code something was thrown, by name; null if it was none. */
    default String guilty(Throwable thrown) {
        for (Throwable t = thrown; t != null; t = t.getCause()) {
            for (StackTraceElement frame : t.getStackTrace()) {
                for (Known known : all()) {
                    if (known.ready() && (frame.getClassName() + "$").startsWith(known.type().getName() + "$")) {
                        return known.name();
                    }
                }
            }
        }
        return null;
    }

    /** A fixed set of plugins of one version, for tests and for programs that embed the runtime without OSGi. */
    @SafeVarargs
    static Plugins of(String version, Class<? extends Record>... types) {
        List<Known> all = Stream.of(types)
                .map(t -> new Known(spiOf(t), nameOf(t), version, t, t.getPackageName(), "ready", ""))
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

    /** The SPI that a class implements, or null. */
    static Class<?> spiOf(Class<?> type) {
        return Stream.of(type.getInterfaces())
                .filter(i -> i.getPackage() == org.dnd4j.spi.Plugin.class.getPackage())
                .findFirst()
                .orElse(null);
    }
}
