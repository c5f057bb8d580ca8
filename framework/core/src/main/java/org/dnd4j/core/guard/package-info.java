/** Between the runtime and its plugins: what they throw, return or never return is told as theirs, and stays with their Run. */
package org.dnd4j.core.guard;
