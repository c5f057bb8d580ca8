package org.dnd4j.core.published;

/**
 * Something about a published model that the one who imports it did not have to say.
 *
 * @param what is known
 * @param value as what
 * @param from where it was read
 */
public record Fact(String what, String value, String from) {}
