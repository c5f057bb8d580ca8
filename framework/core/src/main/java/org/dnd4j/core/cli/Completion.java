package org.dnd4j.core.cli;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.dnd4j.core.experiment.Experiment.SamplingPlan;
import org.dnd4j.core.experiment.Plugins;
import org.dnd4j.core.run.Runs;
import org.dnd4j.core.run.Setting;
import org.dnd4j.spi.UserError;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** What can stand at a place of a line: verbs, options, and by the labels in the help what a verb takes. */
final class Completion {
    /** A console's own words beside the verbs. */
    static final List<String> OWN = List.of("help", "exit", "quit");

    private static final String SCOPE = "dnd4j:";

    private final Supplier<? extends Plugins> plugins;
    private final Jobs jobs;

    private Completion(Supplier<? extends Plugins> plugins, Jobs jobs) {
        this.plugins = plugins;
        this.jobs = jobs;
    }

    /** What begins like the last of {@code words}, given those before it. */
    static List<String> of(List<Verb> verbs, Supplier<? extends Plugins> plugins, Jobs jobs, List<String> words) {
        String half = words.get(words.size() - 1);
        CommandLine line = Call.line(new Dnd4j(), verbs);
        List<String> names = List.copyOf(line.getSubcommands().keySet());
        Stream<String> offers;
        if (words.size() == 1) {
            offers = half.startsWith(SCOPE)
                    ? names.stream().map(SCOPE::concat)
                    : Stream.concat(names.stream(), OWN.stream());
        } else if (words.get(0).equals("help")) {
            offers = names.stream();
        } else {
            CommandLine verb = line.getSubcommands().get(words.get(0).replaceFirst("^" + SCOPE, ""));
            offers = verb == null ? Stream.of() : new Completion(plugins, jobs).after(verb, words.subList(1, words.size()));
        }
        return offers.filter(o -> o.startsWith(half)).distinct().toList();
    }

    private Stream<String> after(CommandLine verb, List<String> words) {
        String half = words.get(words.size() - 1);
        OptionSpec before = words.size() < 2 ? null : verb.getCommandSpec().findOption(words.get(words.size() - 2));
        if (before != null && before.arity().max() > 0) {
            return values(before.paramLabel(), half, List.of());
        } else if (half.startsWith("-")) {
            return verb.getCommandSpec().options().stream()
                    .filter(o -> !o.hidden())
                    .flatMap(o -> Stream.of(o.names()))
                    .filter(n -> n.startsWith("--") || half.equals("-"));
        }
        List<String> given = new ArrayList<>();
        for (int i = 0; i < words.size() - 1; i++) {
            OptionSpec option = verb.getCommandSpec().findOption(words.get(i).replaceFirst("=.*", ""));
            if (option == null) {
                given.add(words.get(i));
            } else if (option.arity().max() > 0 && !words.get(i).contains("=")) {
                i++;
            }
        }
        return verb.getCommandSpec().positionalParameters().stream()
                .filter(p -> p.index().contains(given.size()))
                .map(PositionalParamSpec::paramLabel)
                .flatMap(label -> values(label, half, given));
    }

    /** What a label in the help stands for; a new verb is completed if it uses the same words. */
    private Stream<String> values(String label, String half, List<String> given) {
        return Stream.of(label.split("\\|")).flatMap(l -> switch (l.replaceAll("[^A-Z@].*", "")) {
            case "RUN" -> runs();
            case "CONFIG" -> Stream.concat(files(half).filter(f -> f.endsWith("/") || f.endsWith(".json")), runs());
            case "GRID" -> files(half).filter(f -> f.endsWith("/") || f.endsWith(".json"));
            case "JAR" -> files(half).filter(f -> f.endsWith("/") || f.endsWith(".jar"));
            case "DIR" -> files(half).filter(f -> f.endsWith("/"));
            case "FILE", "PICTURE", "CASES" -> files(half);
            case "KIND" -> ImportVerb.KINDS.stream();
            case "JOB" -> jobs.all().stream().map(j -> String.valueOf(j.id));
            case "KEY" -> Setting.keys().stream();
            case "VALUE" -> given.isEmpty() ? Stream.of() : ConfigVerb.offers(given.get(0)).stream();
            case "DEVICE" -> Setting.DEVICE.offers().stream();
            case "PRECISION" -> Stream.of(SamplingPlan.precisions().split(", "));
            case "PLUGIN" -> plugins();
            case "NAME" -> l.contains("@") ? plugins() : Stream.of();
            default -> Stream.of();
        });
    }

    private Stream<String> runs() {
        try {
            return new Place().runs(plugins).list().stream().map(Runs.Summary::run);
        } catch (UserError e) {
            return Stream.of();
        }
    }

    private Stream<String> plugins() {
        return plugins.get().all().stream().flatMap(k -> Stream.of(k.name(), k.name() + "@" + k.version()));
    }

    /** Files and folders that begin so; folders end in a slash. */
    private static Stream<String> files(String half) {
        String parent = half.substring(0, half.lastIndexOf('/') + 1);
        List<String> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(Path.of(parent.isEmpty() ? "." : parent))) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                if (!name.startsWith(".")) {
                    found.add(parent + name + (Files.isDirectory(file) ? "/" : ""));
                }
            }
        } catch (IOException | InvalidPathException e) {
            return Stream.of();
        }
        return found.stream().sorted();
    }
}
