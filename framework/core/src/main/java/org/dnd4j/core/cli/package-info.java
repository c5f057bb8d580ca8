/**
 * The command line. A {@link org.dnd4j.core.cli.Verb} returns data; {@link org.dnd4j.core.cli.Console} parses, runs it and
 * prints what came back, as a table for people or as JSON. The only package that knows picocli.
 */
package org.dnd4j.core.cli;
