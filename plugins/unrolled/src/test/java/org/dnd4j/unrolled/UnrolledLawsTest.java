package org.dnd4j.unrolled;

import org.dnd4j.spi.Generator;
import org.dnd4j.tck.GeneratorTck;

class UnrolledLawsTest extends GeneratorTck {
    @Override
    protected Generator generator() {
        return new Unrolled(16, 2, 2, 8, 0.2, 0.2);
    }

    @Override
    protected String remembered() {
        return """
                a73bbe48 3.3191 2.1255 3.3191 2.1255 3.3965 2.1750 3.2417 2.0759 0.13013 0.083333 0.26026 0.16667
                3.4245 2.1930 3.4862 2.2325 3.3628 2.1534 0.13013 0.083333 0.13013 0.083333 0.10718 0.39087 0.23742
                0.34410 -0.071724 0.42177 -0.089239 0.41338 -0.11666 0.42533 -0.40743 0.43288 -0.14451 0.53701
                -0.26333 0.40534 -0.25226 0.42369 -0.27473 0.42046 -0.29633 0.46309 -0.043119 0.47099
                """;
    }
}
