package org.dnd4j.spi;

/**
 * A prediction head inserted into a backbone.
 *
 * @param layer the head reads the hidden state after this layer, counted from 0
 * @param depth the code it predicts, counted from 0
 * @param feedsBack whether the embedding of that code is added to the hidden state before the next head or layer
 */
public record Tap(int layer, int depth, boolean feedsBack) {}
