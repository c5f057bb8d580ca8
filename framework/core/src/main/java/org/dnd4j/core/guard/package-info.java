/** Between the runtime and its plugins: what they throw, or return, or never return, is told as theirs and stays with them. */
package org.dnd4j.core.guard;
