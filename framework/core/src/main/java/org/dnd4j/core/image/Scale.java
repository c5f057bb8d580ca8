package org.dnd4j.core.image;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;

/** An axis: from where to where it goes, and which round numbers are written on it. */
record Scale(double from, double to, boolean log, List<Double> ticks) {
    /** The axis that holds all finite values, and begins and ends on round numbers; about {@code wanted} are written. */
    static Scale of(List<double[]> values, boolean log, int wanted) {
        double least = Double.POSITIVE_INFINITY;
        double most = Double.NEGATIVE_INFINITY;
        for (double[] all : values) {
            for (double v : all) {
                if (Double.isFinite(v) && (!log || v > 0)) {
                    least = Math.min(least, v);
                    most = Math.max(most, v);
                }
            }
        }
        if (least > most) {
            return of(0, 1, wanted);
        } else if (log && most / least >= 10) {
            return decades(least, most, wanted);
        }
        Scale plain = least == most ? of(least - Math.abs(least) / 2 - 1e-9, most + Math.abs(most) / 2 + 1e-9, wanted) : of(least, most, wanted);
        return log && plain.from > 0 ? new Scale(plain.from, plain.to, true, plain.ticks) : plain;
    }

    private static Scale of(double least, double most, int wanted) {
        double step = round((most - least) / wanted);
        double first = Math.floor(least / step + 1e-9);
        double last = Math.ceil(most / step - 1e-9);
        List<Double> ticks = new ArrayList<>();
        for (double i = first; i <= last; i++) {
            ticks.add(new BigDecimal(i * step).round(new MathContext(10)).doubleValue());
        }
        return new Scale(first * step, last * step, false, ticks);
    }

    private static Scale decades(double least, double most, int wanted) {
        int first = (int) Math.floor(Math.log10(least) + 1e-9);
        int last = (int) Math.ceil(Math.log10(most) - 1e-9);
        int skip = Math.max(1, (last - first) / wanted);
        List<Double> ticks = new ArrayList<>();
        for (int i = first; i <= last; i += skip) {
            for (int digit : last - first <= 2 ? new int[] {1, 2, 5} : new int[] {1}) {
                double tick = Double.parseDouble(digit + "e" + i);
                if (tick <= Math.pow(10, last) * 1.001) {
                    ticks.add(tick);
                }
            }
        }
        return new Scale(Math.pow(10, first), Math.pow(10, last), true, ticks);
    }

    /** The next of 1, 2, 5, 10, … . */
    private static double round(double step) {
        double decade = Math.pow(10, Math.floor(Math.log10(step)));
        double digit = step / decade;
        return decade * (digit <= 1.0001 ? 1 : digit <= 2.0001 ? 2 : digit <= 5.0001 ? 5 : 10);
    }

    boolean shows(double value) {
        return Double.isFinite(value) && (!log || value > 0);
    }

    /** Where a value lies, 0 at the beginning and 1 at the end. */
    double share(double value) {
        return log
                ? (Math.log(value) - Math.log(from)) / (Math.log(to) - Math.log(from))
                : (value - from) / (to - from);
    }

    /** A number as an axis writes it: {@code 0.05}, {@code 20}, {@code 10k}, {@code 1e-6}. */
    static String text(double tick) {
        double size = Math.abs(tick);
        if (size != 0 && (size < 1e-4 || size >= 1e9)) {
            return String.format(java.util.Locale.ROOT, "%.0e", tick).replaceAll("e([+-])0?", "e$1").replace("e+", "e");
        }
        String unit = size >= 1e6 ? "M" : size >= 1e4 ? "k" : "";
        double shown = tick / (unit.equals("M") ? 1e6 : unit.equals("k") ? 1e3 : 1);
        return new BigDecimal(shown).round(new MathContext(6)).stripTrailingZeros().toPlainString() + unit;
    }
}
