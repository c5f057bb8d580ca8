/**
 * Whether the numbers are right on this machine: recorded inputs and outputs of the reference implementations, run
 * through the classes that everyone uses (REFERENCE J).
 */
package org.dnd4j.core.check;
