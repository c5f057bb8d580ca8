package org.dnd4j.core.run;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.dnd4j.core.Why;
import org.dnd4j.core.experiment.Experiment;
import org.dnd4j.core.json.Json;
import org.dnd4j.spi.UserError;

/**
 * What a run came to: the numbers, and a page that holds everything needed to judge and repeat it.
 *
 * @param config the experiment, with every default filled in
 * @param versions of runtime, engine, Java, plugins, and the device and threads used
 * @param seconds each stage took
 * @param metrics by name; a list has one value per depth; {@code splits} says which pictures each is from
 */
public record Report(
        Experiment config, Map<String, String> versions, Map<String, Double> seconds, Map<String, Object> metrics) {

    /** What each number means. */
    private static final Map<String, String> MEANINGS = new LinkedHashMap<>();

    static {
        MEANINGS.put("pictures.train", "Pictures that the tokenizer and the transformer learnt from.");
        MEANINGS.put("pictures.validation", "Pictures held out from both, never learnt from.");
        MEANINGS.put("pictures.skipped", "Pictures left out of both because they are unreadable or too small.");
        MEANINGS.put("reconstruction.psnr", "Peak signal-to-noise ratio in dB of validation pictures after 1, 2, … codes a position; higher is better.");
        MEANINGS.put("reconstruction.l2", "Mean squared error of the same, on pixels from −1 to 1; lower is better.");
        MEANINGS.put("reconstruction.latents", "Squared error of the latents, as a share of them; lower is better.");
        MEANINGS.put("usage", "Share of each depth's codes that validation pictures use at all.");
        MEANINGS.put("perplexity", "How many codes a depth uses in effect (e to the entropy of their frequencies), on validation pictures.");
        MEANINGS.put("norm", "Mean length of the vector that each depth adds, on validation pictures: coarse to fine if it falls.");
        MEANINGS.put("warnings", "What should be looked into before the other numbers are believed.");
        MEANINGS.put("compression", "Bits of codes over bits of pixels (24 a pixel).");
        MEANINGS.put("loss", "Cross-entropy in nats a code, by depth, on validation pictures; lower is better. Comparable between runs with the same codes only.");
        MEANINGS.put("accuracy", "How often the most probable code is the right one, by depth, on validation pictures, given all codes before it.");
        MEANINGS.put("bits_per_image", "The loss summed over all codes of a picture, in bits.");
        MEANINGS.put("bits_by_depth", "The same for the first 1, 2, … codes of every position: what a coarser picture would take.");
        MEANINGS.put("class_gap", "How much the first depth's loss rises if the label is exchanged for another, in nats, on validation pictures. Near 0 means that the label is ignored.");
        MEANINGS.put("spread.real", "Mean variance of a pixel (from 0 to 1) among training pictures of one class.");
        MEANINGS.put("spread.sampled", "The same among samples of one class. Far below the real one would mean copies of few pictures.");
        MEANINGS.put("words", "Share of samples in which a reader that compares with drawn words finds the word that was asked for. It knows the words, so it is kinder than OCR.");
        MEANINGS.put("precisions.loss", "The loss with products in that precision, in nats a code, by depth, on validation pictures.");
        MEANINGS.put("precisions.change", "How much higher that is than with products in float32.");
        MEANINGS.put("precisions.greedy", "Share of codes, by depth, that are float32's where 64 pictures are drawn without chance. Each goes on from its own codes, so one that differs changes those after it.");
        MEANINGS.put("precisions.words", "As words, of samples drawn in that precision.");
        MEANINGS.put("codes_per_second", "Codes learnt from a second while the transformer trained.");
    }

    /** The report as JSON. */
    public String json() {
        return Json.write(this);
    }

    /** The report as one page without outside parts. */
    String html(String title, RunDirectory run) {
        StringBuilder page = new StringBuilder();
        page.append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>").append(escape(title))
                .append("</title><style>\n").append(style()).append("</style></head><body>\n<h1>").append(escape(title))
                .append("</h1>\n<p class=\"lead\">").append(escape(lead())).append("</p>\n");
        page.append(figure(run.file("samples.png"), "Samples, a row of each label."));
        page.append(figure(run.file("reconstructions.png"),
                "Validation pictures: the original, then what 1, 2, … codes a position keep of it."));
        page.append(figure(run.file("curves.png"), "How training went: losses of the batches learnt from, class gap of held-out pictures."));
        page.append("<h2>Numbers</h2>\n<table>\n<tr><th>Number</th><th>Pictures</th><th>Value</th><th>Meaning</th></tr>\n");
        numbers("", metrics, metrics.get(Measured.SPLITS), page);
        page.append("</table>\n<h2>Time</h2>\n<table>\n");
        seconds.forEach((stage, s) -> row(page, stage, String.format(Locale.ROOT, "%.1f s", s)));
        page.append("</table>\n<h2>Versions</h2>\n<table>\n");
        versions.forEach((what, version) -> row(page, what, version));
        page.append("</table>\n<h2>Configuration</h2>\n<pre>").append(escape(Json.write(config)))
                .append("</pre>\n</body></html>\n");
        return page.toString();
    }

    private String lead() {
        double total = seconds.values().stream().mapToDouble(s -> s).sum();
        Experiment.TransformerPlan learner = config.transformer();
        String predicted = learner == null ? "" : "; predicted by " + learner.told();
        return String.format(
                Locale.ROOT,
                "Codes of %d depths from %s%s. %.0f min %02.0f s in all, seed %d.",
                config.tokenizer().depth(),
                config.tokenizer().decomposition().identity(),
                predicted,
                Math.floor(total / 60),
                total % 60,
                config.seed());
    }

    /** A row a number; {@code splits} is the split of all of them, or a map like theirs. */
    private static void numbers(String prefix, Map<?, ?> numbers, Object splits, StringBuilder page) {
        numbers.forEach((key, value) -> {
            String name = prefix + key;
            Object split = splits instanceof Map<?, ?> several ? several.get(key) : splits;
            if (name.equals(Measured.SPLITS) || value instanceof List<?> none && none.isEmpty()) {
                return;
            } else if (value instanceof Map<?, ?> inner) {
                numbers(name + ".", inner, split, page);
            } else {
                String from = split == null ? "" : split.toString();
                row(page, name, from, number(value), meaning(name));
            }
        });
    }

    private static String meaning(String name) {
        return MEANINGS.getOrDefault(name.replaceFirst("^precisions\\.\\w+", "precisions"), "");
    }

    private static void row(StringBuilder page, String... cells) {
        page.append("<tr>");
        for (int i = 0; i < cells.length; i++) {
            String style = i == 0 ? "" : i == 3 ? " class=\"meaning\"" : " class=\"number\"";
            page.append("<td").append(style).append('>').append(escape(cells[i])).append("</td>");
        }
        page.append("</tr>\n");
    }

    private static String number(Object value) {
        if (value instanceof List<?> list) {
            return list.stream().map(Report::number).collect(Collectors.joining(" / "));
        }
        if (value instanceof Double d) {
            return Math.abs(d) >= 1000 ? String.format(Locale.ROOT, "%.0f", d) : String.format(Locale.ROOT, "%.4g", d);
        }
        return String.valueOf(value);
    }

    /** A picture inside a page; nothing if there is no such file. */
    public static String figure(Path png, String caption) {
        if (!Files.exists(png)) {
            return "";
        }
        try {
            String data = Base64.getEncoder().encodeToString(Files.readAllBytes(png));
            return "<figure><img alt=\"" + escape(caption) + "\" src=\"data:image/png;base64," + data
                    + "\"><figcaption>" + escape(caption) + "</figcaption></figure>\n";
        } catch (IOException e) {
            throw new UserError(png + ": cannot be read: " + Why.of(e), e);
        }
    }

    /** How a page looks. */
    public static String style() {
        try (InputStream in = Report.class.getResourceAsStream("/report/style.css")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** A text as it stands in a page. */
    public static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }
}
