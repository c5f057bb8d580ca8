package org.dnd4j.core.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.dnd4j.core.Progress;
import org.dnd4j.core.run.Operations;
import org.dnd4j.core.run.Setting;
import org.dnd4j.core.run.Settings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "config",
        description = {
            "Shows the operations settings: each value, where it comes from, what it affects and when a change counts.",
            "With KEY one of them; with VALUE too, changes it in configs/org.dnd4j.core.cfg and for this console.",
            "Running jobs keep what they started with."
        })
final class ConfigVerb implements Verb {
    /** One setting, as scripts see it; {@code source} is a file's path, {@code option} or {@code default}. */
    record Row(String key, String value, String source, String affects, String counts) {}

    @Parameters(index = "0", arity = "0..1", paramLabel = "KEY", description = "device, threads, runs, patience or log.")
    String key;

    @Parameters(index = "1", arity = "0..1", paramLabel = "VALUE", description = "What it is to be.")
    String value;

    @Mixin
    Place place;

    private final Consumer<String> log;

    ConfigVerb(Consumer<String> log) {
        this.log = log;
    }

    @Override
    public Object run(Progress progress) {
        Setting setting = key == null ? null : Setting.of(key);
        if (value != null) {
            Settings.in(Place.settings()).write(setting, value);
            if (setting == Setting.LOG) {
                log.accept(value);
            }
        }
        Path file = Place.settings();
        Settings settings = Settings.in(file);
        Operations operations = place.operations(settings);
        return setting == null
                ? Stream.of(Setting.values()).map(s -> row(s, file, settings, operations)).toList()
                : row(setting, file, settings, operations);
    }

    private Row row(Setting setting, Path file, Settings settings, Operations operations) {
        boolean option = switch (setting) {
            case DEVICE -> place.device != null;
            case THREADS -> place.threads != null;
            case RUNS -> place.runs != null;
            default -> false;
        };
        String source = option ? "option" : settings.says(setting) ? file.toString() : "default";
        return new Row(setting.key(), setting.in(operations), source, setting.affects(), setting.counts());
    }

    @Override
    public String text(Object answer) {
        if (value == null || !(answer instanceof Row row)) {
            return Table.of(answer);
        }
        return row.key + " is now " + row.value + " in " + row.source + ": " + row.affects + "; counts " + row.counts;
    }

    /** Values worth offering for a key that somebody types. */
    static List<String> offers(String key) {
        return Setting.keys().contains(key) ? Setting.of(key).offers() : List.of();
    }
}
