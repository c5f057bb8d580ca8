/**
 * Everything that changes a number, as one tree of records: a JSON file, a checkpoint's header, and what a Run works from.
 * With {@code json} the only package that knows Jackson.
 */
package org.dnd4j.core.experiment;
