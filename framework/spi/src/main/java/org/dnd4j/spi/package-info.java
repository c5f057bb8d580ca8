/**
 * What plugin authors implement: the depth decomposition, the head topology, the backbone, the autoencoder, and their
 * competitors. A plugin is an immutable record annotated with {@link org.dnd4j.spi.Plugin} whose components are its
 * hyper-parameters, and pure functions over tensors; it holds no tensors and no other state. The laws of each interface
 * are numbered in its Javadoc, and the tests of {@code org.dnd4j.tck} are named after them.
 */
@Export
@Version("1.0.0")
package org.dnd4j.spi;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
