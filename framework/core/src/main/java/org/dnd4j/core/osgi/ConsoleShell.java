package org.dnd4j.core.osgi;

import java.util.Dictionary;
import java.util.Hashtable;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.threadio.ThreadIO;
import org.dnd4j.core.cli.Console;
import org.dnd4j.core.cli.Session;
import org.dnd4j.core.shell.Shell;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;

/** Opens the console: has the launcher start Gogo, which nothing else needs, and tells it the verbs. */
final class ConsoleShell implements Console.Shell {
    private final BundleContext context;

    ConsoleShell(BundleContext context) {
        this.context = context;
    }

    @Override
    public int open(Session session) {
        Runnable start = offered(context, Runnable.class, "shell");
        if (start == null) {
            session.complain(Console.FAILED, "there is no console in this program; give a verb, or --help");
            return session.code();
        }
        try {
            start.run();
        } catch (IllegalStateException e) {
            session.complain(Console.FAILED, e.getMessage());
            return session.code();
        }
        return Opened.run(context, session);
    }

    /** What the launcher, or another part of this bundle, offers under a JDK type and a name of ours; null if nobody does. */
    static <T> T offered(BundleContext context, Class<T> type, String name) {
        try {
            for (ServiceReference<T> reference : context.getServiceReferences(type, "(dnd4j=" + name + ")")) {
                return context.getService(reference);
            }
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
        return null;
    }

    /** Apart, because its classes can be loaded only once Gogo is there. */
    private static final class Opened {
        private Opened() {}

        @SuppressWarnings("unchecked")
        static int run(BundleContext context, Session session) {
            ThreadIO streams = context.getService(context.getServiceReference(ThreadIO.class));
            Shell.commands(session, streams).forEach((verb, command) -> {
                Dictionary<String, Object> properties = new Hashtable<>();
                properties.put(CommandProcessor.COMMAND_SCOPE, "dnd4j");
                properties.put(CommandProcessor.COMMAND_FUNCTION, verb);
                context.registerService(Object.class, command, properties);
            });
            Function<Consumer<String>, AutoCloseable> plugins = offered(context, Function.class, "watch");
            if (plugins != null) {
                plugins.apply(session::hear); // until the process ends, as the console does
            }
            return Shell.open(session, context.getService(context.getServiceReference(CommandProcessor.class)));
        }
    }
}
