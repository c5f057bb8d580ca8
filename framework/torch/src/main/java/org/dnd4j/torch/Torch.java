package org.dnd4j.torch;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * An open device with the programs loaded on it and the memory they use; one per Run, used by one thread at a time, and
 * everything native goes when it closes.
 */
public final class Torch implements AutoCloseable {
    private record Loaded(Program program, Prelude prelude) {}

    private static final Program GRADIENTS = Program.of(Torch.class, "gradients.py");
    private static final ThreadLocal<Boolean> PREPARED = new ThreadLocal<>();

    private final Device device;
    private final Kernels kernels;
    private final Scope root;
    private final Map<Loaded, PtSymbolBlock> loaded = new ConcurrentHashMap<>(); // Packing looks here from another thread
    private final Chain chain = new Chain();
    private final Set<Runnable> closing = new LinkedHashSet<>();
    private Scope scope;
    private Thread recording;
    private long calls;

    private Torch(Device device, Kernels kernels) {
        this.device = device;
        this.kernels = kernels;
        this.root = new Scope(this, null, Native.engine().newBaseManager(device));
        this.scope = root;
        prepareThread();
    }

    /**
     * Opens a device.
     *
     * @param device {@code cpu}, {@code gpu0}, {@code gpu1}, … or {@code auto}: the first GPU if there is one
     * @throws IllegalArgumentException if the name is none of these or there is no such device
     */
    public static Torch open(String device) {
        int gpus = device.equals("cpu") ? 0 : Native.engine().getGpuCount();
        if (device.equals("cpu") || device.equals("auto") && gpus == 0) {
            return new Torch(Device.cpu(), Kernels.of(Device.cpu()));
        }
        if (!device.equals("auto") && !device.matches("gpu\\d{1,3}")) {
            throw new IllegalArgumentException("unknown device '" + device + "': auto, cpu, gpu0, gpu1, …");
        }
        int index = device.equals("auto") ? 0 : Integer.parseInt(device.substring(3));
        if (index >= gpus) {
            throw new IllegalArgumentException("no device '" + device + "': this machine's PyTorch sees "
                    + (gpus == 0 ? "no GPU" : gpus + " GPUs, gpu0 to gpu" + (gpus - 1)));
        }
        return new Torch(Device.gpu(index), Kernels.of(Device.gpu(index)));
    }

    /** The CPU with other kernels than are best on it, to try what other machines use. */
    static Torch cpu(Kernels kernels) {
        return new Torch(Device.cpu(), kernels);
    }

    /** The device's name: {@code cpu} or {@code gpuN}. */
    public String device() {
        return device.isGpu() ? "gpu" + device.getDeviceId() : "cpu";
    }

    /** Whether models can be loaded on this device in that precision, to be used and not trained. */
    public boolean loads(Precision precision) {
        return prelude(precision, false).there();
    }

    /**
     * What products of a precision are computed in here. It is that precision, but for bfloat16 on a CPU without
     * instructions for it: there they are computed in float32, which takes a tenth of the time.
     */
    public Precision computed(Precision precision) {
        return kernels.computed(precision);
    }

    /** Whether a matrix is one of those that become an object, where a prelude has objects. */
    boolean packs(Weight matrix) {
        return kernels.packs(matrix.size());
    }

    Prelude prelude(Precision precision, boolean training) {
        return Prelude.of(computed(precision), training, kernels);
    }

    /** How many threads one operation of the calling thread may use. */
    public static int threads() {
        Native.engine();
        return JniUtils.getNumThreads();
    }

    /**
     * Sets how many threads one operation of the calling thread may use. Other threads that have computed before keep their
     * number; those that have not begin with the number that was set last, whoever set it.
     *
     * @param count 0 for as many as PyTorch chose when it started
     */
    public static void threads(int count) {
        Native.engine();
        JniUtils.getNumThreads(); // a thread takes the number last set when it is first asked; not once it has its own
        JniUtils.setNumThreads(count == 0 ? Native.threads() : count);
    }

    /** The engine and its version, for reports. */
    public static String version() {
        return Native.engine().getEngineName() + " " + Native.engine().getVersion();
    }

    /** The innermost open scope's manager; what is created here lives as long as that scope. */
    public NDManager manager() {
        return scope.manager();
    }

    /** Opens a scope inside the present one. */
    public Scope scope() {
        prepareThread();
        scope = new Scope(this, scope, scope.manager().newSubManager());
        return scope;
    }

    /** A stretch of work during which operations on trainable arrays are recorded for {@link #gradients}. */
    public interface Tape extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Starts recording on this thread; close the tape, on the same thread, to stop. Does not nest. Other threads, and
     * other devices used by this thread, are not affected: each may have a tape of its own.
     *
     * <p>While recording, no operand of a product or quotient may be a Java number: {@code a.mul(0.5)} makes an array of it
     * in memory from Java and lets go of it at once, but the gradient reads it later, perhaps after that memory was
     * collected. {@code a.mul(manager.full(new Shape(), 0.5f))} lies in torch's memory and is safe, and so are numbers
     * inside programs. The TCKs find such gradients.
     */
    public Tape record() {
        if (recording != null) {
            throw new IllegalStateException("already recording on " + recording.getName());
        }
        prepareThread();
        recording = Thread.currentThread();
        boolean before = JniUtils.isGradMode(); // on, if another device records on this thread
        JniUtils.setGradMode(true);
        return () -> {
            if (recording()) {
                recording = null;
                JniUtils.setGradMode(before);
            }
        };
    }

    /**
     * A stretch of work that the open tape leaves out, as searches need none of it; close it, on the same thread, to go on
     * recording. Does nothing if no tape is open. What programs return meanwhile cannot be recorded later on, only read.
     */
    public Tape pause() {
        if (!recording()) {
            return () -> {};
        }
        Thread thread = recording;
        recording = null;
        JniUtils.setGradMode(false);
        return () -> {
            recording = thread;
            JniUtils.setGradMode(true);
        };
    }

    /**
     * Whether a tape is open, and not paused.
     *
     * @throws IllegalStateException if it was opened on another thread, where alone it can record
     */
    public boolean recording() {
        if (recording != null && recording != Thread.currentThread()) {
            throw new IllegalStateException("the open tape belongs to thread " + recording.getName() + ", not to "
                    + Thread.currentThread().getName());
        }
        return recording != null;
    }

    /**
     * The gradients of a recorded scalar.
     *
     * @param loss a scalar that the open tape recorded
     * @param arrays the arrays to differentiate by; each must take part in the loss
     * @return one fresh array per input, of its shape, owned by the present scope
     */
    public NDList gradients(NDArray loss, List<NDArray> arrays) {
        return call(GRADIENTS, prelude(Precision.FLOAT32, true), "gradients", loss, new NDList(arrays));
    }

    /** How many calls into programs there have been, each of which is one into native code. */
    public long calls() {
        return calls;
    }

    NDList call(Program program, Prelude prelude, String method, Object... arguments) {
        prepareThread();
        calls++;
        PtSymbolBlock module = load(program, prelude);
        Signature signature = program.method(method);
        if (arguments.length != signature.parameters().size()) {
            throw new IllegalArgumentException(program + ": " + method + " takes "
                    + signature.parameters().size() + " arguments, not " + arguments.length);
        }
        PtNDManager manager = (PtNDManager) scope.manager();
        try {
            return recording()
                    ? Call.recorded(module, signature, manager, arguments)
                    : Call.plain(module, signature, manager, arguments);
        } catch (ai.djl.engine.EngineException e) {
            throw failure(program, method, e);
        }
    }

    NDList call(List<Step> steps, Prelude prelude) {
        Object[] arguments = steps.stream().flatMap(s -> s.arguments().stream()).toArray();
        return call(chain.of(steps), prelude, Chain.METHOD, arguments);
    }

    /** Calls a method of a program's prelude that makes an object of a tensor; the caller closes it. */
    IValue object(Program program, Prelude prelude, String method, PtNDArray argument) {
        prepareThread();
        try (IValue value = IValue.from(argument)) {
            return IValueUtils.runMethod(load(program, prelude), method, value);
        } catch (ai.djl.engine.EngineException e) {
            throw failure(program, method, e);
        }
    }

    Scope current() {
        return scope;
    }

    NDManager rootManager() {
        return root.manager();
    }

    void leave(Scope left) {
        if (scope != left) {
            throw new IllegalStateException("a scope was closed while one inside it is open");
        }
        scope = left.outer();
    }

    /** Loads the program for the precision and mode now instead of at the first call. */
    private PtSymbolBlock load(Program program, Prelude prelude) {
        return loaded.computeIfAbsent(new Loaded(program, prelude), k -> {
            byte[] archive = Archive.of(program, prelude.text(), prelude.weights());
            try {
                return JniUtils.loadModule(
                        (PtNDManager) root.manager(), new ByteArrayInputStream(archive), false, false);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (ai.djl.engine.EngineException e) {
                throw failure(program, "loading", e);
            }
        });
    }

    private static ProgramException failure(Program program, String what, Throwable cause) {
        return new ProgramException(program + ": " + what + ": " + Trouble.explain(program, cause.getMessage()), cause);
    }

    /**
     * The grad mode and the executor's flag are per thread, and both are on in a new one: turn them off before it
     * computes anything. From then on only tapes change the mode, and each leaves it as it found it.
     */
    private static void prepareThread() {
        if (PREPARED.get() == null) {
            JniUtils.setGraphExecutorOptimize(false);
            JniUtils.setGradMode(false);
            PREPARED.set(true);
        }
    }

    /** Has something closed with this device, unless {@link #forget} is called before. */
    void closing(Runnable close) {
        closing.add(close);
    }

    void forget(Runnable close) {
        closing.remove(close);
    }

    @Override
    public void close() {
        List.copyOf(closing).forEach(Runnable::run);
        loaded.values().forEach(PtSymbolBlock::close);
        loaded.clear();
        root.manager().close();
    }
}
