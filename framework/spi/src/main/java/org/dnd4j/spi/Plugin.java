package org.dnd4j.spi;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.osgi.annotation.bundle.Capability;

/**
 * Marks a record as a plugin. bnd writes a {@code dnd4j.plugin} capability into the bundle's manifest, which is all that
 * the runtime looks for: no activator, no component, no services file.
 */
@Capability(namespace = "dnd4j.plugin", attribute = {"name=${#value}", "class=${@class}"})
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface Plugin {
    /** The name in experiments and in artefacts made with the plugin: lower case, digits and dashes. */
    String value();
}
