/** Vectors as codes from coarse to fine: the search over depth, the tables, and the file that keeps the codes of all images. */
package org.dnd4j.core.code;
