/** Models that others published: what their files hold, brought under the names and shapes of this house. */
package org.dnd4j.core.published;
