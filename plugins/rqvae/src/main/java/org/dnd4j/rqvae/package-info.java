/** The convolutional autoencoder of RQ-VAE. */
package org.dnd4j.rqvae;
