package dev.millrace.examples.guide;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;

/** What code prints to the output of the process. */
final class Printed {

    /** Code that may throw. */
    interface Code {

        void run() throws Exception;
    }

    private Printed() {}

    /** All that comes while the code runs, with line ends of one character. */
    static String by(Code code) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream former = System.out;
        System.setOut(new PrintStream(bytes, true, UTF_8));
        try {
            code.run();
        } finally {
            System.setOut(former);
        }
        return bytes.toString(UTF_8).replace(System.lineSeparator(), "\n");
    }
}
