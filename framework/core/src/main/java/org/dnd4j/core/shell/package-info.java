/**
 * The console's keyboard and its language: Gogo runs the lines, JLine reads them. Verbs are {@code cli}'s. The only package
 * that knows Gogo and JLine, loaded when a console opens.
 */
package org.dnd4j.core.shell;
