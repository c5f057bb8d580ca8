/**
 * The one compute layer: TorchScript programs written as text, loaded through DJL's PyTorch engine, called with named
 * trees of weights.
 *
 * <p>A {@link org.dnd4j.torch.Program} is text, a {@link org.dnd4j.torch.Weights} is a tree of arrays on an open
 * {@link org.dnd4j.torch.Torch}, and {@link org.dnd4j.torch.Weights#call} joins them. Everything a call returns belongs
 * to the innermost open {@link org.dnd4j.torch.Scope}, and is freed with it.
 */
@Export
@Version("1.0.0")
package org.dnd4j.torch;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
