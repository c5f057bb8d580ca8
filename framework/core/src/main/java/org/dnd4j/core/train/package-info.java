/** Moving weights: the loop over steps, the optimiser, and what survives a crash. */
package org.dnd4j.core.train;
