/** The transformer that predicts the codes of a position from coarse to fine while it goes through its layers. */
package org.dnd4j.core.model;
