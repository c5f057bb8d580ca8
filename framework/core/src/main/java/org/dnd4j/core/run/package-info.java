/**
 * A run: an experiment with a directory of its own, and the trip of its images through the stages. The only package that
 * knows Guice.
 */
package org.dnd4j.core.run;
