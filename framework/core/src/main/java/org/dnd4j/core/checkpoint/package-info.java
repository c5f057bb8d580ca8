/**
 * Reads files that other programs published: numpy arrays, PyTorch checkpoints, YAML. Knows nothing of models, so that
 * whatever needs a file's content can stand on it. Nothing in a file is ever looked up as a class or run.
 */
package org.dnd4j.core.checkpoint;
