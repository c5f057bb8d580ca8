package org.dnd4j.core.checkpoint;

/**
 * Stands where a pickle holds something that is not data: an object of a class outside {@link Allowed}'s list. Nothing is
 * known of it but its class's name, and nothing can be done with it.
 *
 * @param name the class or function that the pickle asks for
 * @param at where it does, in bytes from the pickle's beginning
 */
public record Skipped(String name, long at) {
    @Override
    public String toString() {
        return name + " (byte " + at + ")";
    }
}
