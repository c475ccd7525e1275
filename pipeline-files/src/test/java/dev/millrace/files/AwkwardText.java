package dev.millrace.files;

import java.util.Random;

/** Texts of what a format may take for something else. */
final class AwkwardText {

    private static final String[] PIECES = {
        "\"",
        "\"\"",
        ",",
        ";",
        "\t",
        "\n",
        "\r",
        "\r\n",
        " ",
        "\0",
        "a",
        "B",
        "7",
        "#",
        "'",
        "\\",
        "\\N",
        "null",
        "=1+1",
        "\u00e4",
        "\uD83D\uDE00",
        "\uFEFF",
        "\uFFFE",
        "\u2028",
        "\u0085",
        "\u00a0"
    };

    private AwkwardText() {}

    static String piece(Random random) {
        return PIECES[random.nextInt(PIECES.length)];
    }

    static String of(Random random, int pieces) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < pieces; i++) {
            text.append(piece(random));
        }
        return text.toString();
    }
}
