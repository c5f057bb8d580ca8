package org.dnd4j.core.checkpoint;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes a state as PyTorch pickles it, by protocol 2, and notes its storages (REFERENCE I.1). */
final class PickleWriter {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final Map<Object, Integer> memo = new HashMap<>();
    private final Map<String, TorchSave.Tensor> storages = new LinkedHashMap<>();
    private int written;

    byte[] write(Object content) {
        out.writeBytes(new byte[] {(byte) 0x80, 2}); // PROTO
        value(content);
        out.write('.');
        return out.toByteArray();
    }

    /** The arrays met so far, by the names of their storages, in this order. */
    Map<String, TorchSave.Tensor> storages() {
        return storages;
    }

    private void value(Object value) {
        if (value == null) {
            out.write('N');
        } else if (value instanceof Boolean b) {
            out.write(b ? 0x88 : 0x89);
        } else if (value instanceof Integer n) {
            whole(n);
        } else if (value instanceof Double d) {
            out.write('G');
            out.writeBytes(ByteBuffer.allocate(8).putDouble(d).array()); // the one big-endian number of the format
        } else if (value instanceof String s) {
            text(s);
        } else if (value instanceof Map<?, ?> map) {
            put('}');
            items(map);
        } else if (value instanceof TorchSave.Namespace n) {
            global("argparse", "Namespace");
            out.write(')');
            put(0x81); // NEWOBJ
            value(n.values());
            out.write('b');
        } else if (value instanceof TorchSave.Other o) {
            global(o.module(), o.name());
            out.write(')');
            put('R');
        } else if (value instanceof TorchSave.State s) {
            ordered();
            items(s.tensors());
            state();
        } else if (value instanceof TorchSave.Tensor t) {
            tensor(t);
        } else {
            throw new IllegalArgumentException("cannot be written: " + value);
        }
    }

    private void items(Map<?, ?> map) {
        if (map.isEmpty()) {
            return;
        }
        out.write('(');
        map.forEach((key, item) -> {
            value(key);
            value(item);
        });
        out.write('u');
    }

    private void ordered() {
        global("collections", "OrderedDict");
        out.write(')');
        put('R');
    }

    /** What a module keeps beside its arrays: its version, which nobody needs. */
    private void state() {
        put('}');
        text("_metadata");
        ordered();
        items(Map.of("", Map.of("version", 1)));
        out.writeBytes(new byte[] {'s', 'b'});
    }

    private void tensor(TorchSave.Tensor tensor) {
        String key = Integer.toString(storages.size());
        storages.put(key, tensor);
        global("torch._utils", "_rebuild_tensor_v2");
        out.writeBytes(new byte[] {'(', '('});
        text("storage");
        global("torch", "FloatStorage");
        text(key);
        text("cpu");
        whole(Math.toIntExact(tensor.size()));
        put('t');
        out.write('Q');
        whole(0); // its first element
        long[] shape = tensor.shape();
        long[] strides = new long[shape.length];
        long stride = 1;
        for (int i = shape.length - 1; i >= 0; i--) {
            strides[i] = stride;
            stride *= shape[i];
        }
        tuple(shape);
        tuple(strides);
        out.write(0x89); // learns nothing
        ordered(); // hooks
        put('t');
        put('R');
    }

    private void tuple(long[] values) {
        if (values.length == 0) {
            out.write(')');
            return;
        }
        if (values.length > 3) {
            out.write('(');
        }
        for (long value : values) {
            whole(Math.toIntExact(value));
        }
        put(values.length > 3 ? 't' : 0x84 + values.length); // TUPLE, TUPLE1, …
    }

    private void whole(int n) {
        if (n >= 0 && n < 1 << 8) {
            out.writeBytes(new byte[] {'K', (byte) n});
        } else if (n >= 0 && n < 1 << 16) {
            out.writeBytes(new byte[] {'M', (byte) n, (byte) (n >> 8)});
        } else {
            out.write('J');
            out.writeBytes(little(n));
        }
    }

    private void text(String text) {
        if (!again(text)) {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            out.write('X');
            out.writeBytes(little(utf8.length));
            out.writeBytes(utf8);
            remember(text);
        }
    }

    private void global(String module, String name) {
        String whole = 'c' + module + '\n' + name + '\n'; // no text of a state looks like it
        if (!again(whole)) {
            out.writeBytes(whole.getBytes(StandardCharsets.US_ASCII));
            remember(whole);
        }
    }

    /** Writes an opcode whose outcome PyTorch's pickles remember, and never ask for. */
    private void put(int opcode) {
        out.write(opcode);
        remember(new Object());
    }

    private boolean again(Object known) {
        Integer place = memo.get(known);
        if (place != null) {
            numbered('h', 'j', place);
        }
        return place != null;
    }

    private void remember(Object value) {
        memo.put(value, written);
        numbered('q', 'r', written++);
    }

    private void numbered(char small, char large, int place) {
        if (place < 1 << 8) {
            out.writeBytes(new byte[] {(byte) small, (byte) place});
        } else {
            out.write(large);
            out.writeBytes(little(place));
        }
    }

    private static byte[] little(int n) {
        return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(n).array();
    }
}
