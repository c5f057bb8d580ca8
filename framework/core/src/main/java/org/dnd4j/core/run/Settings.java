package org.dnd4j.core.run;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.regex.Pattern;
import org.dnd4j.core.Whole;
import org.dnd4j.core.Why;
import org.dnd4j.core.json.Nearest;
import org.dnd4j.spi.UserError;

/** The operations settings as they stand in a file of {@code key=value} lines, which people edit too. */
public final class Settings {
    private final Path file;
    private final String text;
    private final Properties properties = new Properties();

    private Settings(Path file) {
        this.file = file;
        try {
            text = Files.exists(file) ? Files.readString(file) : "";
            properties.load(new StringReader(text));
        } catch (IOException | IllegalArgumentException e) {
            throw new UserError(file + ": cannot be read: " + Why.of(e), e);
        }
        for (String key : properties.stringPropertyNames()) {
            if (!Setting.keys().contains(key)) {
                throw new UserError(file + ": unknown key '" + key + "'" + Nearest.among(key, Setting.keys()));
            }
        }
    }

    /**
     * What stands in a file; nothing if it is not there.
     *
     * @throws UserError on an unknown key, naming the nearest
     */
    public static Settings in(Path file) {
        return new Settings(file);
    }

    /** Whether the file says what a setting is. */
    public boolean says(Setting setting) {
        return properties.containsKey(setting.key());
    }

    /**
     * All of them, with the defaults for what the file leaves out.
     *
     * @throws UserError on a value that cannot be
     */
    public Operations operations() {
        Operations operations = Operations.DEFAULT;
        try {
            for (Setting setting : Setting.values()) {
                if (says(setting)) {
                    operations = setting.set(operations, properties.getProperty(setting.key()).strip());
                }
            }
            return operations;
        } catch (UserError e) {
            throw new UserError(file + ": " + e.getMessage(), e);
        }
    }

    /**
     * Writes the file with another value of a setting; every other line stays as somebody wrote it.
     *
     * @throws UserError on a value that cannot be, or if the file cannot be written
     */
    public void write(Setting setting, String value) {
        setting.set(Operations.DEFAULT, value);
        String line = setting.key() + "=" + value.replace("\\", "\\\\");
        Pattern its = Pattern.compile("\\s*" + setting.key() + "\\s*[=:\\s].*|\\s*" + setting.key() + "\\s*");
        List<String> lines = new ArrayList<>();
        boolean written = false;
        boolean continued = false;
        for (String old : text.lines().toList()) {
            boolean mine = continued || its.matcher(old).matches();
            continued = mine && old.matches(".*[^\\\\](\\\\\\\\)*\\\\");
            if (!mine) {
                lines.add(old);
            } else if (!written) {
                lines.add(line);
                written = true;
            }
        }
        if (!written) {
            lines.add(line);
        }
        Whole.write(file, (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
