/** Codes that depend on more than the residual: codebooks fitted jointly, and codewords that know what came before. */
package org.dnd4j.history;
