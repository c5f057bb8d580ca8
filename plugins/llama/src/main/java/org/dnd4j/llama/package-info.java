/** The decoder of LLaMA as LlamaGen and the DnD-Transformer use it for images. */
package org.dnd4j.llama;
