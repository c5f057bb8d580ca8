/** Codes that are digits of numbers: a decomposition without tables. */
package org.dnd4j.scalar;
