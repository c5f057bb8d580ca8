package org.dnd4j.core.run;

import com.google.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.dnd4j.core.Why;
import org.dnd4j.core.experiment.Experiment;
import org.dnd4j.core.experiment.ExperimentReader;
import org.dnd4j.core.train.Checkpoint;
import org.dnd4j.spi.UserError;

/** What every checkpoint of a run says about where it comes from. */
final class Headers {
    private final Experiment experiment;

    @Inject
    Headers(Experiment experiment) {
        this.experiment = experiment;
    }

    /** The experiment, and the plugins with the versions that made the file. */
    Map<String, String> header() {
        Map<String, String> header = new LinkedHashMap<>();
        header.put("experiment", ExperimentReader.write(experiment));
        header.putAll(plugins());
        return header;
    }

    /** The plugins of the experiment with their versions, by the part they play. */
    Map<String, String> plugins() {
        Map<String, String> plugins = new LinkedHashMap<>();
        plugins.put("autoencoder", experiment.tokenizer().autoencoder().identity());
        plugins.put("decomposition", experiment.tokenizer().decomposition().identity());
        Experiment.TransformerPlan learner = experiment.transformer();
        if (learner != null && learner.generator() != null) {
            plugins.put("generator", learner.generator().identity());
        } else if (learner != null) {
            plugins.put("backbone", learner.backbone().identity());
            plugins.put("heads", learner.heads().identity());
        }
        return plugins;
    }

    /** How many steps a checkpoint has taken; 0 if there is none. */
    static long steps(Path checkpoint) {
        return Files.exists(checkpoint) ? Checkpoint.open(checkpoint).step() : 0;
    }

    /** SHA-256 of a file, which names a tokenizer in the code files made with it. */
    static String hash(Path file) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
                in.transferTo(OutputStream.nullOutputStream());
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (IOException e) {
            throw new UserError(file + ": cannot be read: " + Why.of(e), e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
