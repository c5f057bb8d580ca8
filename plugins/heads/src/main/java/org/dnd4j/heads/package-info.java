/** Where prediction heads sit: the paper's topology and the three that it is compared with. */
package org.dnd4j.heads;
