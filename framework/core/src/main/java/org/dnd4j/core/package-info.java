/** The runtime. Packages stand in the order in which an image travels; none is exported. */
package org.dnd4j.core;
