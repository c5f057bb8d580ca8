/**
 * The command line. A {@link org.dnd4j.core.cli.Verb} returns data; {@link org.dnd4j.core.cli.Console} parses, runs it and
 * prints what came back, as a table for people or as JSON; a {@link
 * org.dnd4j.core.cli.Session} does so line by line, with long verbs in the background. The only package that knows picocli.
 */
package org.dnd4j.core.cli;
