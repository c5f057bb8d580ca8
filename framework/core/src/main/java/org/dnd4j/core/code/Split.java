package org.dnd4j.core.code;

/** Which pictures a number is from: those that weights learn from, or those held out. */
public enum Split {
    TRAIN,
    VALIDATION
}
