/** The Gaussian denoising decomposition of the paper, and successive refinement, its untrained control. */
package org.dnd4j.denoising;
