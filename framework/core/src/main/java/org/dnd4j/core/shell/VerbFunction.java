package org.dnd4j.core.shell;

import java.io.PrintStream;
import java.util.List;
import java.util.stream.Stream;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Function;
import org.apache.felix.service.command.Process;
import org.apache.felix.service.threadio.ThreadIO;
import org.dnd4j.core.cli.Session;

/** A verb, as Gogo calls it. It prints its answer itself, to wherever Gogo has its output go, and returns nothing. */
record VerbFunction(String verb, Session session, ThreadIO streams) implements Function {
    @Override
    public Object execute(CommandSession gogo, List<Object> arguments) {
        PrintStream out = Process.Utils.current() == null ? session.out() : Process.Utils.current().out();
        // what a library prints while the verb is at work, or in the job that it starts, is no part of the answer
        streams.setStreams(System.in, session.err(), session.err());
        try {
            session.call(out, Stream.concat(Stream.of(verb), arguments.stream().map(String::valueOf)).toList());
            return null;
        } finally {
            streams.close();
        }
    }
}
