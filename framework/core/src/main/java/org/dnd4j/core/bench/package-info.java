/** How fast this machine is, and how much of that the runtime makes use of. */
package org.dnd4j.core.bench;
