package org.dnd4j.djl;

import java.util.List;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.hooks.weaving.WeavingHook;
import org.osgi.framework.hooks.weaving.WovenClass;

/** Has the two classes that lead into DJL's native library rewritten as they are loaded, which is after this. */
public final class Activator implements BundleActivator {
    static final List<String> CLASSES = List.of("ai.djl.pytorch.jni.JniUtils", "ai.djl.pytorch.jni.IValue");

    @Override
    public void start(BundleContext context) {
        long own = context.getBundle().getBundleId();
        WeavingHook hook = type -> {
            if (CLASSES.contains(type.getClassName()) && type.getBundleWiring().getBundle().getBundleId() == own) {
                weave(type);
            }
        };
        context.registerService(WeavingHook.class, hook, null);
    }

    private static void weave(WovenClass type) {
        type.setBytes(Patch.of(type.getBytes()));
    }

    @Override
    public void stop(BundleContext context) {
        // the framework takes the hook back
    }
}
