package org.dnd4j.core.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Objects;
import org.dnd4j.core.checkpoint.Npy;
import org.dnd4j.spi.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainingTest {
    private static Training training(
            int steps, double rate, Double warmup, Double from, String schedule, Double hold, Double end) {
        return new Training(steps, null, null, rate, warmup, from, schedule, hold, end, null, null, null, null, null);
    }

    /** What the reference's schedules are in our options; 10 epochs of 20 steps. */
    @ParameterizedTest
    @CsvSource({
        "imagenet_stage1, 4e-5, 0.05, 0, constant, 0, 0", // half an epoch
        "stage2_cosine, 5e-4, 0, , cosine, 0, 0",
        "warm_cosine, 2e-3, 0.1, 0.5, cosine, 0.1, 1e-5" // an epoch from 1e-3 to twice that, held for another
    })
    void theReferencesRatesAreHad(
            String recorded, double rate, double warmup, Double from, String schedule, double hold, double end)
            throws URISyntaxException {
        double[] expected = Npy.read(Path.of(Objects.requireNonNull(
                        getClass().getResource("/check/xb_lr_schedule/" + recorded + ".npy")).toURI()))
                .doubles();
        assertEquals(200, expected.length);
        Training training = training(expected.length, rate, warmup, from, schedule, hold, end);
        for (int step = 0; step < expected.length; step++) {
            assertEquals(expected[step], training.rate(step), 1e-7 * rate, "step " + step);
        }
    }

    /** Sampled from what runs computed before there were more options; equal to the bit. */
    @Test
    void ratesOfExperimentsThatNameNoNewOptionStayAsTheyWere() {
        Training cosine = training(200, 1e-3, 0.05, null, "cosine", null, null);
        for (int step = 0; step < 200; step++) {
            double rising = 0.05 * 200;
            double before = step + 1 < rising
                    ? 1e-3 * (step + 1) / rising
                    : 1e-3 * 0.5 * (1 + Math.cos(Math.PI * (step - rising) / Math.max(1, 200 - rising)));
            assertEquals(before, cosine.rate(step), "step " + step);
        }
        Training constant = training(10, 2e-4, null, null, null, null, null);
        assertEquals(2e-4, constant.rate(0));
        assertEquals(2e-4, constant.rate(9));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "1.5 | cosine | 0 | 0 | warmupFrom is 1.5: must be a share, 0 to 1",
        "0 | cosine | 0.9 | 0 | hold is 0.9: must be a share of the steps that leaves some after warmup 0.1",
        "0 | cosine | 0 | 2 | finalRate is 2.0: must be 0 to learningRate 0.001",
        "0 | constant | 0.1 | 0 | hold is 0.1: must be 0 with the schedule constant, which holds the rate to the end",
        "0 | constant | 0 | 1e-4 | finalRate is 1.0E-4: must be 0 with the schedule constant, which never falls"
    })
    void whatMakesNoScheduleIsRefused(double from, String schedule, double hold, double end, String message) {
        assertEquals(
                message,
                assertThrows(UserError.class, () -> training(100, 1e-3, 0.1, from, schedule, hold, end)).getMessage());
    }
}
