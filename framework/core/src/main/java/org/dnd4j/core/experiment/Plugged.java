package org.dnd4j.core.experiment;

import java.util.function.Supplier;
import org.dnd4j.core.guard.Guard;
import org.dnd4j.core.guard.Identity;
import org.dnd4j.core.json.Labelled;

/**
 * A plugin as an experiment names it, with its settings.
 *
 * @param name the plugin's name
 * @param pin the version that the experiment asks for, as written; null if it does not
 * @param version the version that was found
 * @param plugin the record made from the settings, behind a {@link Guard}
 */
public record Plugged<T>(String name, String pin, String version, T plugin) implements Labelled {

    /** {@code name@version}, as written into artefacts. */
    public String identity() {
        return name + "@" + version;
    }

    /** {@code name}, or {@code name@pin} if the experiment asks for a version. */
    @Override
    public String label() {
        return pin == null ? name : name + "@" + pin;
    }

    @Override
    public Record settings() {
        return (Record) Guard.inside(plugin);
    }

    /** The accessors of the plugin's components are its code too. */
    @Override
    public <V> V reading(Supplier<V> read) {
        return Guard.call(Identity.of(plugin), "its components", read::get);
    }
}
