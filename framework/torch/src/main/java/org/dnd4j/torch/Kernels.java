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
 */
record Kernels(boolean oneDnn, boolean bfloat16) {
    private static final Program PROGRAM = Program.of(Kernels.class, "kernels.py");
    private static Kernels cpu;

    static Kernels of(Device device) {
        return device.isGpu() ? new Kernels(false, true) : cpu();
    }

    private static synchronized Kernels cpu() {
        if (cpu == null) {
            try (PtNDManager manager = (PtNDManager) Native.engine().newBaseManager(Device.cpu())) {
                cpu = ask(manager);
            }
        }
        return cpu;
    }

    private static Kernels ask(PtNDManager manager) {
        byte[] archive = Archive.of(PROGRAM, "");
        try (PtSymbolBlock module = JniUtils.loadModule(manager, new ByteArrayInputStream(archive), false, false)) {
            boolean fast = Call.plain(module, PROGRAM.method("bfloat16"), manager).head().getFloat() == 1;
            return new Kernels(true, fast);
        } catch (EngineException e) {
            return new Kernels(false, false); // the text does not load where oneDNN's operators are unknown
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What products of a precision are really computed in: itself, or float32 where bfloat16 would only be slower. */
    Precision computed(Precision precision) {
        return precision == Precision.BFLOAT16 && !bfloat16 ? Precision.FLOAT32 : precision;
    }
}
