package org.dnd4j.core.osgi;

import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import org.dnd4j.core.Why;
import org.dnd4j.core.experiment.Plugins;
import org.dnd4j.core.guard.Identity;
import org.dnd4j.core.experiment.Plugins.Known;
import org.dnd4j.spi.Plugin;
import org.dnd4j.spi.UserError;
import org.osgi.framework.Bundle;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.BundleWiring;

/** Reads what a bundle says about its plugins, and sees whether it is true. */
final class PluginBundle {
    static final String CAPABILITY = "dnd4j.plugin";

    private PluginBundle() {}

    /** The plugins of a started bundle; none if it brings none. */
    static List<Known> read(Bundle bundle) {
        List<BundleCapability> declared = declared(bundle);
        if (declared.isEmpty()) {
            return List.of();
        }
        try {
            loadAll(bundle);
        } catch (ClassNotFoundException | LinkageError | RuntimeException e) {
            return failed(bundle, "a class does not load: " + cause(e));
        }
        List<Known> plugins = new ArrayList<>();
        for (BundleCapability capability : declared) {
            String className = String.valueOf(capability.getAttributes().get("class"));
            try {
                plugins.add(read(bundle, name(capability), className));
            } catch (RuntimeException | Error e) { // an error comes out of a static initialiser as it is
                plugins.add(known(bundle, null, name(capability), null, className + " fails as it starts: " + cause(e)));
            }
        }
        return plugins;
    }

    /** The plugins that a bundle would bring, all failed for one reason; one by its file's name if it says nothing. */
    static List<Known> failed(Bundle bundle, String reason) {
        List<BundleCapability> declared = declared(bundle);
        return declared.isEmpty()
                ? List.of(known(bundle, null, bundle.getSymbolicName(), null, reason))
                : declared.stream().map(c -> known(bundle, null, name(c), null, reason)).toList();
    }

    private static Known read(Bundle bundle, String name, String className) {
        Class<?> type;
        try {
            ClassLoader loader = bundle.adapt(BundleWiring.class).getClassLoader();
            type = Starting.of(className, loader, name, bundle.getVersion().toString());
        } catch (UserError e) {
            return known(bundle, null, name, null, e.getMessage());
        } catch (ExceptionInInitializerError e) {
            return known(bundle, null, name, null, className + " fails as it starts: " + cause(e.getCause()));
        } catch (ClassNotFoundException | LinkageError e) {
            return known(bundle, null, name, null, className + " does not load: " + cause(e));
        }
        if (FrameworkUtil.getBundle(type) != bundle) {
            return known(bundle, null, name, null, className + " would come from another bundle: "
                    + type.getPackageName() + " must not stand in Export-Package");
        }
        Class<?> spi = Identity.spi(type);
        if (spi == null) {
            return known(bundle, null, name, null, className + " implements no interface of org.dnd4j.spi");
        }
        if (!type.isRecord() || !Modifier.isPublic(type.getModifiers())) {
            return known(bundle, spi, name, null, className + " is not a public record");
        }
        Plugin plugin = type.getAnnotation(Plugin.class);
        if (plugin == null || !plugin.value().equals(name)) {
            return known(bundle, spi, name, null, className + " is not annotated @Plugin(\"" + name + "\")");
        }
        return known(bundle, spi, name, type.asSubclass(Record.class), "");
    }

    private static Known known(Bundle bundle, Class<?> spi, String name, Class<? extends Record> type, String reason) {
        String state = reason.isEmpty() ? Plugins.READY : Plugins.FAILED;
        String version = bundle.getVersion().toString();
        return new Known(spi, name, version, type, bundle.getSymbolicName(), "", state, List.of(), reason);
    }

    /** Everything now, because a bundle that is replaced later can no longer be read from. */
    private static void loadAll(Bundle bundle) throws ClassNotFoundException {
        for (String file : bundle.adapt(BundleWiring.class)
                .listResources("/", "*.class", BundleWiring.LISTRESOURCES_LOCAL | BundleWiring.LISTRESOURCES_RECURSE)) {
            if (!file.startsWith("META-INF/") && !file.endsWith("-info.class")) {
                bundle.loadClass(file.substring(0, file.length() - ".class".length()).replace('/', '.'));
            }
        }
    }

    private static List<BundleCapability> declared(Bundle bundle) {
        BundleRevision revision = bundle.adapt(BundleRevision.class);
        return revision == null ? List.of() : revision.getDeclaredCapabilities(CAPABILITY);
    }

    private static String name(BundleCapability capability) {
        return String.valueOf(capability.getAttributes().get("name"));
    }

    private static String cause(Throwable e) {
        return (e.getClass().getSimpleName() + " " + Why.said(e)).lines().findFirst().orElse("").strip();
    }
}
