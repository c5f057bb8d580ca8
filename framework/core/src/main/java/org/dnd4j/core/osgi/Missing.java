package org.dnd4j.core.osgi;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;

/** Why a bundle does not resolve, in words. */
final class Missing {
    private static final Pattern ATLEAST = Pattern.compile("\\(version>=([^)]+)\\)");
    private static final Pattern BELOW = Pattern.compile("\\(!\\(version>=([^)]+)\\)\\)");
    private static final Pattern NAME = Pattern.compile("\\((?:osgi\\.wiring\\.package|osgi\\.ee)=([^)]+)\\)");

    private Missing() {}

    /** What {@code bundle} asks for and nothing here offers, in one line; empty if it lacks nothing. */
    static String of(Bundle bundle, BundleContext context) {
        List<BundleCapability> offers = Stream.of(context.getBundles())
                .filter(b -> b != bundle)
                .map(b -> b.adapt(BundleRevision.class))
                .filter(Objects::nonNull) // another may be let go in this very moment
                .flatMap(r -> r.getDeclaredCapabilities(null).stream())
                .toList();
        List<String> missing = new ArrayList<>();
        for (BundleRequirement requirement : bundle.adapt(BundleRevision.class).getDeclaredRequirements(null)) {
            boolean optional = "optional".equals(requirement.getDirectives().get("resolution"));
            if (!optional && offers.stream().noneMatch(requirement::matches)) {
                missing.add(say(requirement, offers));
            }
        }
        return String.join(", ", missing);
    }

    private static String say(BundleRequirement requirement, List<BundleCapability> offers) {
        String filter = requirement.getDirectives().getOrDefault("filter", "");
        String name = first(NAME, filter);
        if (name == null) {
            return ("needs " + requirement.getNamespace() + " " + filter).strip() + ", here is none";
        }
        String from = first(ATLEAST, filter.replaceAll(BELOW.pattern(), ""));
        String below = first(BELOW, filter);
        if (requirement.getNamespace().equals("osgi.ee")) {
            return "needs Java " + from + ", this is Java " + Runtime.version().feature();
        }
        String wanted = name + (from == null ? "" : " " + plain(from) + (below == null ? "" : " up to " + plain(below)));
        return "needs " + wanted + ", here is " + offers.stream()
                .filter(c -> name.equals(c.getAttributes().get(requirement.getNamespace())))
                .map(c -> plain(String.valueOf(c.getAttributes().get("version"))))
                .findFirst()
                .orElse("none");
    }

    private static String first(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? matcher.group(1) : null;
    }

    private static String plain(String version) {
        return version.replaceFirst("(\\.0)\\.0$", "$1");
    }
}
