/** Experiments side by side: a grid of them is run over shared stages, and what came out stands in one table. */
package org.dnd4j.core.compare;
