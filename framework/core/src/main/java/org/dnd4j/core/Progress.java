package org.dnd4j.core;

/** Where long work says how far it is, and asks whether it should go on. */
public interface Progress {
    /** Says nothing and never stops. */
    Progress NONE = new Progress() {
        @Override
        public void stage(String name, long total, String unit) {}

        @Override
        public void at(long done, String note) {}

        @Override
        public boolean stopped() {
            return false;
        }
    };

    /**
     * A stage begins; the one before has ended.
     *
     * @param total how many units of work it has
     * @param unit what one unit is: {@code step}, {@code picture}
     */
    void stage(String name, long total, String unit);

    /**
     * The present stage has done this much.
     *
     * @param note what a reader wants to know now, in a few words: the loss
     */
    void at(long done, String note);

    /** Something that a reader should look into, in one line; the work goes on. */
    default void warn(String what) {}

    /** Whether someone asked for an end; long work then leaves things so that it can be taken up again. */
    boolean stopped();
}
