/** Residual quantisation with tables per depth or shared, the decomposition of the paper. */
package org.dnd4j.residual;
