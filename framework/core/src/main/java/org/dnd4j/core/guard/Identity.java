package org.dnd4j.core.guard;

import java.util.Locale;
import java.util.stream.Stream;
import org.dnd4j.spi.Plugin;

/**
 * A plugin as messages name it.
 *
 * @param spi the simple name of the interface it implements, in lower case; empty if it cannot be told
 */
public record Identity(String name, String version, String spi) {

    /** The plugin of that name and version. */
    public static Identity of(Class<?> spi, String name, String version) {
        return new Identity(name, version, spi == null ? "" : spi.getSimpleName().toLowerCase(Locale.ROOT));
    }

    /** Whose object this is; without a guard around it, as far as its class tells. */
    public static Identity of(Object plugin) {
        Guard guard = Guard.of(plugin);
        if (guard != null) {
            return guard.identity();
        }
        Class<?> type = plugin.getClass();
        Plugin named = type.getAnnotation(Plugin.class);
        return of(spi(type), named == null ? type.getSimpleName() : named.value(), "");
    }

    /** The SPI that a class implements, or null. */
    public static Class<?> spi(Class<?> type) {
        return Stream.of(type.getInterfaces())
                .filter(i -> i.getPackage() == Plugin.class.getPackage())
                .findFirst()
                .orElse(null);
    }

    @Override
    public String toString() {
        return "plugin '" + name + "'" + (version.isEmpty() ? "" : " " + version) + (spi.isEmpty() ? "" : " (" + spi + ")");
    }
}
