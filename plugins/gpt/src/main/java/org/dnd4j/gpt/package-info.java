/** The decoder of GPT-2. */
package org.dnd4j.gpt;
