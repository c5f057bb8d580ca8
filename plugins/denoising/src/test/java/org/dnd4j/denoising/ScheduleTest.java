package org.dnd4j.denoising;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ScheduleTest {
    static List<List<Double>> signals() {
        return List.of(List.of(0.0, 0.7, 0.91), List.of(0.2, 0.5, 0.99), List.of(0.0, 1e-3, 0.5));
    }

    /** Two normal densities of the next state, from the state before it and from x, multiplied: precisions add up. */
    @ParameterizedTest
    @MethodSource("signals")
    void aStepIsThePosteriorThatBayesGives(List<Double> signal) {
        Schedule schedule = new Schedule(signal);
        for (int k = 0; k < 2; k++) {
            double a = signal.get(k);
            double b = signal.get(k + 1);
            double kept = a / b; // s = √kept·s' + √(1 − kept)·ε
            double byState = kept / (1 - kept);
            double byLatents = 1 / (1 - b); // s' = √b·x + √(1 − b)·ε
            double variance = 1 / (byState + byLatents);
            assertEquals(Math.sqrt(variance), schedule.deviation(k), 1e-12);
            assertEquals(Math.sqrt(kept) / (1 - kept) * variance, schedule.ofState(k), 1e-12);
            assertEquals(Math.sqrt(b) * byLatents * variance, schedule.ofEstimate(k), 1e-12);
            assertEquals(Math.sqrt(b), schedule.ofState(k) * Math.sqrt(a) + schedule.ofEstimate(k), 1e-12);
        }
    }

    @Test
    void ifLeftOutEachCodeLeavesAsMuchOfTheNoise() {
        Schedule schedule = new Schedule(null);
        for (int codes = 0; codes < 9; codes++) {
            double noise = 1 - schedule.level(codes) * schedule.level(codes);
            assertEquals(Math.pow(0.3, codes), noise, 1e-12);
        }
    }
}
