/** Records as JSON text and back into plain values; the lower half of what Jackson does here, with no plugin in sight. */
package org.dnd4j.core.json;
