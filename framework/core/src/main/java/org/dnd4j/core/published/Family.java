package org.dnd4j.core.published;

import java.util.Locale;

/** Whose models they are: which names their files use, and what their samplers do by default. */
public enum Family {
    /** DnD-Transformers and their RQ-VAE tokenizers. */
    DND,
    /** LlamaGen's transformers and VQ tokenizers. */
    LLAMAGEN,
    /** RQ-VAE tokenizers alone. */
    RQVAE;

    /** As it is written. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The one of that name, or else DND, whose names are those of this house. */
    public static Family of(String label) {
        return label != null && label.equals(LLAMAGEN.label()) ? LLAMAGEN : RQVAE.label().equals(label) ? RQVAE : DND;
    }
}
