package org.dnd4j.torch;

import java.util.List;

/**
 * A call of a program that is described and not made yet. Several, one after another, can be linked into one program, so
 * that work which several plugins share takes one call: {@link Weights#call(List)}.
 *
 * @param method one of {@code program}'s
 * @param arguments of the method's last parameters; the first, tensors, come from the step before
 */
public record Step(Program program, String method, List<Object> arguments) {
    public Step {
        arguments = List.copyOf(arguments);
        if (arguments.size() > program.method(method).parameters().size()) {
            throw new IllegalArgumentException(program + ": " + method + " takes "
                    + program.method(method).parameters().size() + " arguments, not " + arguments.size());
        }
    }

    /** The call of a method with these as its last arguments. */
    public static Step of(Program program, String method, Object... arguments) {
        return new Step(program, method, List.of(arguments));
    }

    Signature signature() {
        return program.method(method);
    }

    /** How many of its parameters are left to the step before. */
    int left() {
        return signature().parameters().size() - arguments.size();
    }

    /** The parameters that its arguments are for. */
    List<Signature.Parameter> own() {
        return signature().parameters().subList(left(), signature().parameters().size());
    }

    @Override
    public String toString() {
        return program + ": " + method;
    }
}
