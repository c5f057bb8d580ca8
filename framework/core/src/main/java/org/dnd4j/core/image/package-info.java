/** Pictures, where they come from, and the tokenizer between them and codes. */
package org.dnd4j.core.image;
