package org.dnd4j.torch;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * What a device multiplies with.
 *
 * @param oneDnn whether PyTorch was built with oneDNN for it, as it is for CPUs but Apple's
 * @param bfloat16 whether bfloat16 is faster than float32; a CPU without instructions for it takes ten times as long
 * @param fbgemm whether FBGEMM multiplies whole numbers: on x86 with AVX2
 */
record Kernels(boolean oneDnn, boolean bfloat16, boolean fbgemm) {
    private static final Program BFLOAT16 = Program.of(Kernels.class, "kernels.py");
    private static final Program INT8 = Program.of(Kernels.class, "kernels-int8.py");
    private static final long LARGE = 1 << 21;
    private static Kernels cpu;

    static Kernels of(Device device) {
        return device.isGpu() ? new Kernels(false, true, false) : cpu();
    }

    private static synchronized Kernels cpu() {
        if (cpu == null) {
            try (PtNDManager manager = (PtNDManager) Native.engine().newBaseManager(Device.cpu())) {
                float bfloat16 = ask(manager, BFLOAT16, "bfloat16");
                boolean x86 = System.getProperty("os.arch").matches("amd64|x86_64");
                cpu = new Kernels(!Float.isNaN(bfloat16), bfloat16 == 1, x86 && ask(manager, INT8, "error") == 0);
            }
        }
        return cpu;
    }

    /** What a program answers; NaN where its operators are unknown, as oneDNN's are on some machines. */
    private static float ask(PtNDManager manager, Program program, String method) {
        byte[] archive = Archive.of(program, "", Prelude.TWO_LISTS);
        try (PtSymbolBlock module = JniUtils.loadModule(manager, new ByteArrayInputStream(archive), false, false)) {
            return Call.plain(module, program.method(method), manager).head().getFloat();
        } catch (EngineException e) {
            return Float.NaN;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What products of a precision are really computed in: itself, or float32 where bfloat16 would only be slower. */
    Precision computed(Precision precision) {
        return precision == Precision.BFLOAT16 && !bfloat16 ? Precision.FLOAT32 : precision;
    }

    /** Which of a precision's texts it takes: the first of those that its products are fast with. */
    String text(Precision precision) {
        if (!oneDnn) {
            return "plain";
        }
        return precision == Precision.INT8 && fbgemm ? "fbgemm" : "onednn";
    }

    /**
     * Whether FBGEMM multiplies with an int8 matrix of that many elements where it is there at all. ATen's product is the
     * faster one with small matrices and few rows, but only where there is AVX-512, which bfloat16 needs, too.
     */
    boolean packs(long elements) {
        return !bfloat16 || elements >= LARGE;
    }
}
