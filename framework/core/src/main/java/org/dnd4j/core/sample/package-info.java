/** Drawing new pictures, as codes, from a trained transformer. */
package org.dnd4j.core.sample;
