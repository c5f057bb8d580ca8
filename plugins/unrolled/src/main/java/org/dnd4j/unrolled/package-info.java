/** An ordinary transformer over all codes of a picture, a token each: what the DnD-Transformer is measured against. */
package org.dnd4j.unrolled;
