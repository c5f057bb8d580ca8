/**
 * One abstract JUnit 5 class per SPI. A plugin's test extends it and overrides the method that makes the plugin; each test
 * is named after the law, numbered in the SPI's Javadoc, that it checks. Whoever passes them works with the framework.
 *
 * <pre>
 * class ResidualTest extends DecompositionTck {
 *   &#64;Override
 *   protected Decomposition decomposition() {
 *     return new Residual(false);
 *   }
 * }
 * </pre>
 *
 * <p>What an implementation refuses with a {@link org.dnd4j.spi.UserError}, or declares not to do, is skipped with a message
 * that says so.
 */
@Export
@Version("1.0.0")
package org.dnd4j.tck;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
