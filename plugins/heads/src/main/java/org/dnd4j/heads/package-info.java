/** Where prediction heads sit: the paper's topology, the three that it is compared with, and any other. */
package org.dnd4j.heads;
