/** An ordinary transformer over all codes of a picture, one token a code: what the DnD-Transformer is measured against. */
package org.dnd4j.unrolled;
