/** JMH benches of what is called often and takes little. */
package org.dnd4j.bench;
