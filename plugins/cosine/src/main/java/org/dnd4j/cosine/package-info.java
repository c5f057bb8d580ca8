/** Codes that are directions, the decomposition of LlamaGen. */
package org.dnd4j.cosine;
