package org.dnd4j.baseline;

import aQute.bnd.differ.Baseline;
import aQute.bnd.differ.DiffPluginImpl;
import aQute.bnd.header.Parameters;
import aQute.bnd.osgi.Analyzer;
import aQute.bnd.osgi.Clazz;
import aQute.bnd.osgi.Descriptors;
import aQute.bnd.osgi.Instructions;
import aQute.bnd.osgi.Jar;
import aQute.bnd.osgi.Processor;
import aQute.bnd.service.diff.Delta;
import aQute.bnd.service.diff.Diff;
import aQute.bnd.service.diff.Tree;
import aQute.bnd.service.diff.Type;
import java.io.File;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;

/**
 * What a bundle promises to those who build on it, as bnd sees it: packages, types and members, each with what its
 * coming and its going would mean. As text, a line each: indentation, kind, meaning of coming, meaning of going, name.
 */
record Promises(Parameters exports, Tree tree) {

    static Promises of(File bundle) throws Exception {
        try (Jar jar = new Jar(bundle);
                Analyzer analyzer = new Ours(jar)) {
            Parameters exports = new Parameters(jar.getManifest().getMainAttributes().getValue("Export-Package"));
            exports.values().forEach(attributes -> attributes.keySet().removeIf(key -> !key.equals("version")));
            Tree.Data whole = new DiffPluginImpl().tree(analyzer).serialize();
            whole.name = "bundle";
            // what it is made of besides (resources, the manifest's headers) may change as it likes
            whole.children = List.of(whole.children).stream()
                    .filter(child -> child.type == Type.API)
                    .toArray(Tree.Data[]::new);
            return new Promises(exports, new DiffPluginImpl().deserialize(whole));
        }
    }

    static Promises parse(List<String> lines) throws Exception {
        Data.Lines rest = new Data.Lines(lines.subList(1, lines.size()).iterator());
        return new Promises(new Parameters(lines.get(0)), new DiffPluginImpl().deserialize(Data.read(rest, 0)));
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>(List.of(exports.toString()));
        Data.write(tree.serialize(), 0, lines);
        return lines;
    }

    /** The packages whose version is too low for what has changed, each with the version that it needs and why. */
    List<String> broken(Promises before) throws Exception {
        List<String> broken = new ArrayList<>();
        try (Processor processor = new Processor()) {
            Baseline baseline = new Baseline(processor, new DiffPluginImpl());
            Instructions all = new Instructions("*");
            for (Baseline.Info info : baseline.baseline(tree, exports, before.tree, before.exports, all)) {
                Delta delta = info.packageDiff.getDelta();
                if (delta == Delta.REMOVED) { // bnd leaves these to the bundle's version
                    broken.add(info.packageName + " is no longer exported, after " + info.olderVersion);
                } else if (info.mismatch && delta != Delta.MICRO && delta != Delta.CHANGED) { // these break nobody
                    List<String> changes = new ArrayList<>();
                    changes(info.packageDiff, "", changes);
                    broken.add(info.packageName + " is version " + info.newerVersion + ", after " + info.olderVersion
                            + ", and must be " + info.suggestedVersion + ": " + String.join("; ", changes));
                }
            }
        }
        return broken;
    }

    private static void changes(Diff diff, String in, List<String> changes) {
        if (diff.getDelta() == Delta.UNCHANGED) {
            return;
        }
        Collection<? extends Diff> children = diff.getChildren();
        boolean whole = diff.getDelta() == Delta.ADDED || diff.getDelta() == Delta.REMOVED;
        if (whole || children.isEmpty()) {
            Tree which = diff.getDelta() == Delta.REMOVED ? diff.getOlder() : diff.getNewer();
            Delta means = diff.getDelta() == Delta.REMOVED ? which.ifRemoved() : which.ifAdded();
            changes.add(small(diff.getDelta()) + " " + small(diff.getType()) + " " + diff.getName()
                    + (in.isEmpty() ? "" : " of " + in) + " (" + small(means) + ")");
        } else {
            children.forEach(child -> changes(child, diff.getType() == Type.PACKAGE ? "" : diff.getName(), changes));
        }
    }

    private static String small(Enum<?> name) {
        return name.name().toLowerCase(Locale.ROOT);
    }

    /** Blind to what is inherited from the JDK, which differs from one to the next. */
    private static final class Ours extends Analyzer {
        Ours(Jar jar) throws Exception {
            super(jar);
        }

        @Override
        public Clazz findClass(Descriptors.TypeRef type) throws Exception {
            return type.isJava() ? null : super.findClass(type);
        }
    }

    /** Trees as indented text. */
    private static final class Data {
        static final class Lines {
            private final Iterator<String> lines;
            private String next;

            Lines(Iterator<String> lines) {
                this.lines = lines;
                take();
            }

            String take() {
                String taken = next;
                next = lines.hasNext() ? lines.next() : null;
                return taken;
            }

            int depth() {
                return next == null ? -1 : next.length() - next.stripLeading().length();
            }
        }

        static Tree.Data read(Lines lines, int depth) {
            String[] words = lines.take().strip().split(" ", 4);
            Tree.Data data = new Tree.Data();
            data.type = Type.valueOf(words[0]);
            data.add = Delta.valueOf(words[1]);
            data.rem = Delta.valueOf(words[2]);
            data.name = words[3];
            List<Tree.Data> children = new ArrayList<>();
            while (lines.depth() > depth) {
                children.add(read(lines, lines.depth()));
            }
            data.children = children.toArray(Tree.Data[]::new);
            return data;
        }

        static void write(Tree.Data data, int depth, List<String> lines) {
            lines.add(" ".repeat(depth) + data.type + " " + data.add + " " + data.rem + " " + data.name);
            if (data.children != null) {
                for (Tree.Data child : data.children) {
                    write(child, depth + 1, lines);
                }
            }
        }
    }
}
