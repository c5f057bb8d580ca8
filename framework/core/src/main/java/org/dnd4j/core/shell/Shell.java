package org.dnd4j.core.shell;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.threadio.ThreadIO;
import org.dnd4j.core.Why;
import org.dnd4j.core.cli.Console;
import org.dnd4j.core.cli.Session;

/** A console from its first line to its last. */
public final class Shell {
    private Shell() {}

    /** The commands that Gogo is to know in the scope {@code dnd4j}, by name. */
    public static Map<String, Object> commands(Session session, ThreadIO streams) {
        return Gogo.commands(session, streams);
    }

    /** Runs lines until the last; returns the exit code of the first that failed, or at a keyboard 0. */
    public static int open(Session session, CommandProcessor processor) {
        try (Gogo gogo = new Gogo(processor, session)) {
            if (Boolean.getBoolean("dnd4j.interactive")) {
                new Prompt(session, gogo).run();
                return Console.DONE;
            }
            piped(session, gogo);
        } catch (IOException e) {
            session.complain(Console.FAILED, "the input cannot be read: " + Why.of(e));
        }
        return session.code();
    }

    /** Jobs that are at work when the input ends are waited for; 'exit' stops them. */
    private static void piped(Session session, Gogo gogo) throws IOException {
        BufferedReader in = new BufferedReader(
                new InputStreamReader(new FileInputStream(FileDescriptor.in), StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            session.answers();
            if (!gogo.run(line)) {
                return;
            }
        }
        session.finish();
    }
}
