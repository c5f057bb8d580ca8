package org.dnd4j.launcher;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import sun.misc.Signal;

/**
 * Starts this program a second time with the environment that PyTorch's threads and memory need. It is read when libraries
 * load, so a running process cannot set it for itself; the script sets it and is spared this.
 */
final class Again {
    private static final String PARENT = "dnd4j.parent";

    /** How glibc keeps freed memory, as decisions/0020 says; the scripts have the same. */
    static final String MEMORY_KEPT = "glibc.malloc.arena_max=1:glibc.malloc.mmap_max=0"
            + ":glibc.malloc.trim_threshold=1073741824:glibc.malloc.top_pad=67108864:glibc.malloc.hugetlb=1";

    /** How many times a thread without work looks for it before it sleeps, as decisions/0022 says; the scripts have the same. */
    static final String WAIT_AWAKE = "1000";

    private Again() {}

    /** Runs the child to its end and returns its exit code. */
    static int run(String[] arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.add("-D" + PARENT + "=" + ProcessHandle.current().pid());
        command.add("-Ddnd4j.terminal=" + Main.interactive());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        Map<String, String> environment = builder.environment();
        environment.put("OMP_WAIT_POLICY", "PASSIVE");
        environment.putIfAbsent("GOMP_SPINCOUNT", WAIT_AWAKE);
        environment.putIfAbsent("GLIBC_TUNABLES", MEMORY_KEPT);
        environment.putIfAbsent("TORCH_CPP_LOG_LEVEL", "ERROR");
        if (arguments.length == 0 && Main.interactive()) {
            // at a keyboard Ctrl-C reaches both, and in the console it clears a line; ignored by a handler, not inherited
            Signal.handle(new Signal("INT"), signal -> {});
        }
        try {
            Process child = builder.start();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> end(child)));
            return child.waitFor();
        } catch (IOException e) {
            System.err.println("dnd4j: cannot start " + command.get(0) + ": " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return 1;
    }

    /** Asked to end, this process outlives its child, which may have a checkpoint to write. */
    private static void end(Process child) {
        child.destroy();
        try {
            child.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** In the child: killed with the parent, however the parent dies. */
    static void followParent() {
        String parent = System.getProperty(PARENT);
        if (parent != null) {
            ProcessHandle.of(Long.parseLong(parent))
                    .ifPresentOrElse(
                            p -> p.onExit().thenRun(() -> Runtime.getRuntime().halt(137)),
                            () -> Runtime.getRuntime().halt(137));
        }
    }
}
