/** Bundles come and go; what they bring becomes an immutable catalog. The only package that knows OSGi. */
package org.dnd4j.core.osgi;
