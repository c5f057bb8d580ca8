package org.dnd4j.core.osgi;

import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Keeps an eye on the folders of plugins for as long as somebody wants to hear of it. A verb that ends at once needs none:
 * it has looked when it began.
 */
final class Watch implements Function<Consumer<String>, AutoCloseable> {
    private final Shelf shelf;
    private final long every;
    private Thread thread;
    private int listening;

    /** Looks every so many milliseconds. */
    Watch(Shelf shelf, long every) {
        this.shelf = shelf;
        this.every = every;
    }

    /** Begins; {@code listener} is told of each change on one line, until what is returned is closed. */
    @Override
    public synchronized AutoCloseable apply(Consumer<String> listener) {
        AutoCloseable heard = shelf.listen(listener);
        listening++;
        if (thread == null) {
            thread = new Thread(this::look, "plugins");
            thread.setDaemon(true);
            thread.start();
        }
        return () -> {
            heard.close();
            end();
        };
    }

    private synchronized void end() {
        listening--;
        if (listening == 0) {
            thread.interrupt();
            thread = null;
        }
    }

    private synchronized boolean wanted() {
        return thread == Thread.currentThread();
    }

    private void look() {
        String said = "";
        while (wanted()) {
            try {
                Thread.sleep(every);
                shelf.scan(jar -> false);
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException | Error e) { // whatever a jar does, the next one is seen
                if (!said.equals(e.toString())) {
                    said = e.toString();
                    shelf.say("plugins: unexpected " + said);
                }
            }
        }
    }
}
