package org.dnd4j.core.guard;

import ai.djl.ndarray.NDArray;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.dnd4j.core.Stopped;
import org.dnd4j.core.Why;
import org.dnd4j.spi.UserError;

/**
 * Stands between the runtime and one plugin: every call of its interface is noted while it lasts, so that one that does
 * not return is seen, and whatever it throws comes out as one line that names the plugin. The proxy's class is defined
 * beside the interface, one for all plugins of it, so it keeps no plugin's classes alive.
 */
public final class Guard implements InvocationHandler {
    private final Identity identity;
    private final Object plugin;

    private Guard(Identity identity, Object plugin) {
        this.identity = identity;
        this.plugin = plugin;
    }

    /** Work that may throw anything. */
    @FunctionalInterface
    public interface Body<T> {
        T run() throws Throwable;
    }

    /** The plugin behind a guard. */
    public static <T> T around(Class<T> spi, Identity identity, T plugin) {
        Guard guard = new Guard(identity, inside(plugin));
        return spi.cast(Proxy.newProxyInstance(spi.getClassLoader(), new Class<?>[] {spi}, guard));
    }

    /** The plugin itself, if there is a guard around it. */
    public static Object inside(Object plugin) {
        Guard guard = of(plugin);
        return guard == null ? plugin : guard.plugin;
    }

    /** The guard around a plugin, or null. */
    static Guard of(Object plugin) {
        return plugin != null
                        && Proxy.isProxyClass(plugin.getClass())
                        && Proxy.getInvocationHandler(plugin) instanceof Guard guard
                ? guard
                : null;
    }

    Identity identity() {
        return identity;
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) {
        if (method.getDeclaringClass() == Object.class && method.getName().equals("equals")) {
            return call(identity, "equals", () -> plugin.equals(inside(arguments[0])));
        }
        State before = State.of(arguments);
        Object result = call(identity, method.getName(), () -> {
            try {
                return method.invoke(plugin, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        });
        Promises.hold(identity, method, arguments, result);
        if (before != null) {
            before.hold(identity, method.getName());
        }
        return result;
    }

    /**
     * A plugin's code at work.
     *
     * @param method what of it, for messages
     * @throws UserError whatever it throws, in one line
     */
    public static <T> T call(Identity plugin, String method, Body<T> body) {
        try {
            return during(plugin, method, body);
        } catch (Worker.Left | Stopped e) {
            throw e;
        } catch (Throwable e) {
            throw told(plugin, method, e);
        }
    }

    /** The same, but what is thrown comes out as it is. */
    public static <T> T during(Identity plugin, String method, Body<T> body) {
        Worker worker = Worker.current();
        Worker.Call before = worker == null ? null : worker.enter(new Worker.Call(plugin, method, System.nanoTime()));
        try {
            return body.run();
        } catch (Throwable e) {
            throw Worker.<RuntimeException>thrown(e);
        } finally {
            if (worker != null) {
                worker.leave(before);
            }
        }
    }

    /** In one line what a plugin threw, and which law it broke with it if one can be told. */
    public static UserError told(Identity plugin, String method, Throwable thrown) {
        if (thrown instanceof UserError) {
            return new UserError(plugin + ": " + thrown.getMessage(), thrown);
        }
        if (Why.memory(thrown)) {
            return new UserError(plugin + " failed in " + method + ": the memory does not suffice ("
                    + Why.line(thrown) + "): make batch, the network or its tables smaller", thrown);
        }
        String message = Why.line(thrown);
        String law = Promises.names(plugin);
        if (thrown instanceof IllegalArgumentException && message.startsWith("there is no weight") && law != null) {
            return Law.broken(law, plugin, method + " asked for a weight that it does not declare: " + message, thrown);
        }
        if (closed(thrown) && Promises.kept(plugin) != null) {
            String what = method + " used an array that is closed, as those of earlier steps are";
            return Law.broken(Promises.kept(plugin), plugin, what, thrown);
        }
        String type = thrown.getClass().getSimpleName();
        String said = message.isEmpty() ? type : type + ": " + message;
        return new UserError(plugin + " failed in " + method + ": " + said, thrown);
    }

    /** Whether something thrown complains of an array, or of the memory of arrays, that is closed. */
    private static boolean closed(Throwable thrown) {
        return Why.said(thrown).matches("(?s)(Native resource has been released|NDManager has been closed|.* already closed).*");
    }

    /**
     * What to say of something thrown outside of plugins: if our own work finds weights, arrays or scopes not as it left
     * them, that is by the plugin that was last at work; otherwise null.
     */
    public static UserError outside(Throwable thrown) {
        Worker.Call last = Worker.current() == null ? null : Worker.current().last();
        String law = last == null ? null : Promises.arguments(last.plugin());
        boolean disturbed = closed(thrown)
                || Why.said(thrown).matches("(?s)(a scope was closed|already recording|the open tape|there is no weight).*");
        return law == null || !disturbed
                ? null
                : Law.broken(law, last.plugin(), last.method() + " was the last to be called before this was found: "
                        + Why.line(thrown), thrown);
    }

    /** Whether an argument of a call can still be used: a plugin has no right to close what it was lent. */
    static boolean closed(Object argument) {
        return argument instanceof NDArray array && array.isReleased();
    }
}
