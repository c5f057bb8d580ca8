package org.dnd4j.torch;

import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * DJL's engine, started when first asked for: its native libraries take seconds and hundreds of megabytes that listing
 * plugins need not pay.
 */
final class Native {
    private static Engine engine;
    private static int threads;

    private Native() {}

    /**
     * The engine.
     *
     * @throws IllegalStateException if its libraries cannot be unpacked or do not load here
     */
    static synchronized Engine engine() {
        if (engine == null) {
            // DJL looks for engines and natives through the context class loader; should its static initialiser first run
            // under one that sees no engine, it computes nothing, silently, for the life of the JVM
            Thread thread = Thread.currentThread();
            ClassLoader before = thread.getContextClassLoader();
            thread.setContextClassLoader(Engine.class.getClassLoader());
            try {
                writable();
                engine = Engine.getInstance();
                threads = JniUtils.getNumThreads();
            } finally {
                thread.setContextClassLoader(before);
            }
        }
        return engine;
    }

    /** How many threads PyTorch chose for an operation before anybody set another number. */
    static synchronized int threads() {
        return threads;
    }

    /** The libraries are unpacked once, into DJL's cache: {@code ~/.djl.ai}, or among temporary files if that is closed. */
    private static void writable() {
        Path cache = ai.djl.util.Utils.getEngineCacheDir().toAbsolutePath();
        Path there = cache;
        while (there != null && !Files.exists(there)) {
            there = there.getParent();
        }
        if (there == null || !Files.isDirectory(there) || there != cache && !Files.isWritable(there)) {
            throw new IllegalStateException("cannot write to " + cache
                    + ", where PyTorch's libraries are unpacked once (450 MB); set ENGINE_CACHE_DIR to a folder that can be"
                    + " written to");
        }
    }
}
