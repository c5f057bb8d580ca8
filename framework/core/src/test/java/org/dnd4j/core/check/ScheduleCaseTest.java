package org.dnd4j.core.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.dnd4j.torch.Precision;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScheduleCaseTest {
    @TempDir
    Path folder;

    /** A schedule written out by hand: rise from {@code low} to {@code high}, hold, fall to {@code end}; float32. */
    private static double[] rates(int steps, double rise, int hold, double low, double high, double end, boolean falls) {
        double[] rates = new double[steps];
        for (int i = 0; i < steps; i++) {
            double rate = high;
            if (i < rise) {
                rate = low + (high - low) / rise * i;
            } else if (falls && i >= rise + hold) {
                rate = end + (high - end) * (Math.cos((i - rise - hold) / (steps - rise - hold) * Math.PI) + 1) / 2;
            }
            rates[i] = (float) rate;
        }
        return rates;
    }

    @ParameterizedTest
    @CsvSource({
        "200, 10, 0, 0, 4e-5, 4e-5, false",
        "300, 0, 0, 5e-4, 5e-4, 0, true",
        "96, 12, 24, 1e-4, 7e-4, 3e-6, true",
        "70, 7, 0, 0, 2.5e-3, 1e-3, true",
        "55, 1, 3, 0, 1e-3, 0, true",
        "40, 3.5, 0, 0, 1e-3, 1e-3, false",
        "12, 0, 0, 1e-4, 1e-4, 1e-4, false"
    })
    void theOptionsOfOtherSchedulesAreReadOffTheirRates(
            int steps, double rise, int hold, double low, double high, double end, boolean falls) throws IOException {
        Case c = write(rates(steps, rise, hold, low, high, end, falls));
        assertTrue(new ScheduleCase().fits(c));
        assertEquals(Boolean.TRUE, judged(c).passed(), judged(c).toString());
    }

    @Test
    void aRateThatIsOffIsNoticedWhereverItStands() throws IOException {
        for (int at = 0; at < 96; at++) {
            double[] rates = rates(96, 12, 24, 1e-4, 7e-4, 3e-6, true);
            rates[at] *= 1.002;
            assertEquals(Boolean.FALSE, judged(write(rates)).passed(), "step " + at);
        }
    }

    @Test
    void anythingElseIsNoSchedule() throws IOException {
        Case c = write(rates(20, 0, 0, 1, 1, 0, true));
        assertFalse(new ScheduleCase().fits(new Case(folder, Map.of("arrays", c.manifest().get("arrays")))));
        assertFalse(new ScheduleCase()
                .fits(new Case(folder, Map.of("arrays", c.manifest().get("arrays"), "steps_per_epoch", 3L, "epochs", 5L))));
    }

    private static Check.Row judged(Case c) {
        Findings findings = new Findings(c, Precision.FLOAT32);
        new ScheduleCase().run(c, null, findings);
        return findings.row("schedule");
    }

    private Case write(double[] rates) throws IOException {
        String header = "{'descr': '<f4', 'fortran_order': False, 'shape': (" + rates.length + ",), }";
        ByteBuffer bytes = ByteBuffer.allocate(128 + 4 * rates.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0}).putShort((short) 118);
        bytes.put((header + " ".repeat(117 - header.length()) + "\n").getBytes(StandardCharsets.ISO_8859_1));
        for (double rate : rates) {
            bytes.putFloat((float) rate);
        }
        Files.write(folder.resolve("rates.npy"), bytes.array());
        Files.writeString(
                folder.resolve("manifest.json"),
                "{\"steps_per_epoch\": " + rates.length
                        + ", \"epochs\": 1, \"arrays\": {\"rates\": {\"file\": \"rates.npy\"}}}");
        return Case.read(folder);
    }
}
