package org.dnd4j.core.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.util.List;
import java.util.stream.Stream;
import org.dnd4j.core.guard.Guard;
import org.dnd4j.core.guard.Identity;
import org.dnd4j.core.sample.Generation;
import org.dnd4j.core.sample.Sampling;
import org.dnd4j.gpt.Gpt;
import org.dnd4j.llama.Llama;
import org.dnd4j.spi.Backbone;
import org.dnd4j.spi.CodeSpace;
import org.dnd4j.spi.Pass;
import org.dnd4j.spi.Tap;
import org.dnd4j.spi.UserError;
import org.dnd4j.torch.Key;
import org.dnd4j.torch.Precision;
import org.dnd4j.torch.Program;
import org.dnd4j.torch.Step;
import org.dnd4j.torch.Torch;
import org.dnd4j.torch.Weight;
import org.dnd4j.torch.Weights;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A position that is drawn in one call, against the same step by step; and whose fault it is where that fails. */
class LinkedTest {
    private static final Program WRONG = Program.text("wrong.py", """
            def row(self, h: Tensor) -> List[Tensor]:
              return [h, torch.slice(h, 0, 0, 1)]
            def wide(self, h: Tensor) -> List[Tensor]:
              return [h.to(7), h]
            def one(self, h: Tensor) -> List[Tensor]:
              return [h]
            def no(self, h: Tensor) -> List[Tensor]:
              return [h, torch.matmul(h, torch.zeros([7, 3]))]
            def number(self, h: Tensor, n: int) -> List[Tensor]:
              return [h, torch.add(h, n)]
            """);

    private Torch torch;

    @BeforeEach
    void open() {
        torch = Torch.open("cpu");
    }

    @AfterEach
    void close() {
        torch.close();
    }

    /** Another backbone, but for how it reaches a head. */
    private abstract static class Other implements Backbone {
        private final Backbone backbone;

        Other(Backbone backbone) {
            this.backbone = backbone;
        }

        @Override
        public int width() {
            return backbone.width();
        }

        @Override
        public int layers() {
            return backbone.layers();
        }

        @Override
        public List<Weight> weights(int heads, int positions) {
            return backbone.weights(heads, positions);
        }

        @Override
        public NDList prepare(NDArray places, int rows, Weights w) {
            return backbone.prepare(places, rows, w);
        }

        @Override
        public NDArray run(NDArray h, int from, int to, Pass pass) {
            return backbone.run(h, from, to, pass);
        }

        @Override
        public NDArray norm(NDArray h, int head, Pass pass) {
            return backbone.norm(h, head, pass);
        }
    }

    private static DndTransformer model(Backbone backbone, List<Tap> taps) {
        return new DndTransformer(backbone, taps, new CodeSpace(4, List.of(7, 7, 7)), 2, 3, new Condition.Classes(2, true),
                DndTransformer.Embeddings.PER_DEPTH, false, 0);
    }

    private Weights stirred(DndTransformer model, Precision precision) {
        List<Weight> stirred = model.weights().stream().map(w -> w.normal(0.3)).toList();
        return Weights.start(torch, stirred, precision, false, Key.of(1));
    }

    private static Generation.Drawing begin(DndTransformer model, Sampling sampling, Weights w) {
        Generation generation = new Generation(model, sampling, w);
        return generation.begin(generation.given(new int[] {0, 1}), Generation.keys(3, 0, 2));
    }

    static Stream<Arguments> cases() {
        List<Tap> dnd = List.of(new Tap(0, 0, true), new Tap(1, 1, true), new Tap(2, 2, false));
        List<Tap> parallel = List.of(new Tap(2, 0, false), new Tap(2, 1, false), new Tap(2, 2, false));
        return Stream.of(new Llama(null, 32, 3, 2, 8, 0., 0., 0., null), new Gpt(null, 32, 3, 2, 0., 0.))
                .flatMap(b -> Stream.of(dnd, parallel).flatMap(taps -> Stream.of(Precision.FLOAT32, Precision.BFLOAT16, Precision.INT8)
                        .map(precision -> Arguments.of(b, taps, precision))));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aPositionTakesOneCallAndDrawsWhatStepsDraw(Backbone backbone, List<Tap> taps, Precision precision) {
        DndTransformer linked = model(backbone, taps);
        DndTransformer alone = model(new Other(backbone) {}, taps);
        Weights w = stirred(linked, precision);
        for (Sampling sampling : List.of(
                new Sampling(2., 2, List.of(0.7, 1., 1.3), List.of(5), List.of(0.9), null, false), Sampling.greedy(1))) {
            Generation.Drawing one = begin(linked, sampling, w);
            Generation.Drawing other = begin(alone, sampling, w);
            for (int p = 0; p < linked.positions(); p++) {
                long before = torch.calls();
                one.position(p);
                if (p > 0 && p < linked.positions() - 1) {
                    assertEquals(1, torch.calls() - before, "calls of position " + p);
                }
                other.position(p);
                assertArrayEquals(other.codes().toLongArray(), one.codes().toLongArray(), "position " + p);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "row | breaks law B1: reach returned float32 [1,1,32], not float32 [2,1,32]",
        "wide | breaks law B1: reach returned float64 [2,1,32], not float32 [2,1,32]",
        "one | breaks law B3: reach returned 1 arrays, not the state and its norm",
        "no | failed in reach: ProgramException: wrong.py: no: "
                + "mat1 and mat2 shapes cannot be multiplied (2x32 and 7x3) (line 8: return [h, torch.matmul(h, torch.zeros([7, 3]))])",
        "number | failed in reach: IllegalArgumentException: wrong.py: number: parameter n is a int, not String"
    })
    void whatGoesWrongInTheMiddleOfAPictureNamesWhoDidIt(String method, String said) {
        Llama llama = new Llama(null, 32, 3, 2, 8, 0., 0., 0., null);
        Object[] arguments = method.equals("number") ? new Object[] {"text"} : new Object[0];
        Backbone wrong = Guard.around(Backbone.class, Identity.of(Backbone.class, "wrong", "1.2.0"), new Other(llama) {
            @Override
            public Step reach(int from, int to, int head, Pass pass) {
                return pass.start() == 3 && head == 1
                        ? Step.of(WRONG, method, arguments)
                        : llama.reach(from, to, head, pass);
            }
        });
        DndTransformer model = model(wrong, List.of(new Tap(0, 0, true), new Tap(1, 1, true), new Tap(2, 2, false)));
        Generation.Drawing drawing = begin(model, Sampling.greedy(1), stirred(model, Precision.FLOAT32));
        for (int p = 0; p < 3; p++) {
            drawing.position(p);
        }
        String message = assertThrows(UserError.class, () -> drawing.position(3)).getMessage();
        assertEquals("plugin 'wrong' 1.2.0 (backbone) " + said, message);
    }
}
