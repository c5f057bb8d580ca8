package org.dnd4j.torch;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * The text of a TorchScript program: methods {@code def name(self, …) -> …:} in the syntax that libtorch reads from an
 * archive. Immutable and without native parts, so a plugin may hold one in a static field; an open {@link Torch} loads
 * it when it is first called and lets it go when it closes.
 *
 * <p>Parameters may be {@code Tensor}, {@code List[Tensor]}, {@code Weights}, {@code int}, {@code float}, {@code bool}
 * and {@code List[int]}; results {@code Tensor}, {@code List[Tensor]} or tuples of them. {@code Weights} stands for two
 * parallel lists (weights, scales); the loader adds {@code self.linear(x, w, i)} and the other methods of the prelude
 * for the precision and mode in hand, so one text serves every precision and training.
 *
 * <p>{@code self.linear} returns float32. {@code self.inner(x, w, i)} is the same in the type that the product has made,
 * which may be bfloat16: for what another product reads next, as a gate, and for what is added to an array of float32,
 * which widens it. {@code self.narrow(x)} is x as products read it, for an array that several of them read.
 *
 * <p>{@code self.rms_norm(x, weight, eps)}, with eps a tensor [1], is what {@code torch.rms_norm} is over the last dimension,
 * in fewer operations. {@code self.dense(x, m, b)} is what {@code torch.linear} is of float32 arrays that are no weights and
 * need no gradients, by the faster of two kernels.
 */
public final class Program {
    private final String name;
    private final String text;
    private final Map<String, Signature> methods;
    private final List<Program> parts;

    private Program(String name, String text, List<Program> parts) {
        this.name = name;
        this.text = text;
        this.parts = parts;
        this.methods = Signature.parse(name, text);
    }

    /**
     * The program in the resource {@code /torch/<file>} of the bundle that {@code owner} comes from.
     *
     * @throws IllegalArgumentException if there is no such resource, or a method's signature is not understood
     */
    public static Program of(Class<?> owner, String file) {
        try (InputStream in = owner.getResourceAsStream("/torch/" + file)) {
            if (in == null) {
                throw new IllegalArgumentException("no program /torch/" + file + " beside " + owner.getName());
            }
            return text(file, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the program " + file, e);
        }
    }

    /** The program with this text; {@code name} appears in messages. */
    public static Program text(String name, String text) {
        return new Program(name, text, List.of());
    }

    /** A program that calls methods of others, which it knows as {@link Archive#part}. */
    static Program linked(String name, String text, List<Program> parts) {
        return new Program(name, text, parts);
    }

    /** The file name, for messages. */
    public String name() {
        return name;
    }

    /** The names of its methods, in order. */
    public List<String> methods() {
        return List.copyOf(methods.keySet());
    }

    String text() {
        return text;
    }

    /** The programs that this one calls. */
    List<Program> parts() {
        return parts;
    }

    Signature method(String method) {
        Signature s = methods.get(method);
        if (s == null) {
            throw new IllegalArgumentException(name + " has no method '" + method + "', only " + methods.keySet());
        }
        return s;
    }

    Iterable<Signature> signatures() {
        return methods.values();
    }

    @Override
    public String toString() {
        return name;
    }
}
