package dev.millrace.pipeline;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What a value looks like in a cell of a table: on one line, and with nothing in it that a terminal obeys. */
final class CellText {

    static final String CUT = "…";

    private CellText() {}

    /** As text; {@code null} as such, and bytes as what they spell if they are UTF-8. */
    static String of(@Nullable Object value) {
        if (value instanceof byte[] bytes) {
            try {
                return StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(bytes))
                        .toString();
            } catch (CharacterCodingException notText) {
                return "byte[" + bytes.length + "]";
            }
        }
        return String.valueOf(value);
    }

    /** The text with escapes for what is not to be seen, cut to so many columns. */
    static String shown(String text, int columns) {
        StringBuilder shown = new StringBuilder();
        int used = 0;
        int fits = 0;
        for (int i = 0; i < text.length(); ) {
            int point = text.codePointAt(i);
            i += Character.charCount(point);
            int before = shown.length();
            if (isShown(point)) {
                shown.appendCodePoint(point);
                used += width(point);
            } else {
                shown.append(escaped(point));
                used += shown.length() - before;
            }
            if (used > columns) {
                shown.setLength(fits);
                return shown.append(columns > 0 ? CUT : "").toString();
            }
            if (used < columns) {
                fits = shown.length();
            }
        }
        return shown.toString();
    }

    /** How many columns of a terminal a text takes that has no escapes left to make. */
    static int width(String shown) {
        return shown.codePoints().map(CellText::width).sum();
    }

    private static boolean isShown(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.SURROGATE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            // Those that turn the direction of what follows would make a line read as another; joiners do no harm.
            case Character.FORMAT -> point == 0x200C || point == 0x200D;
            default -> true;
        };
    }

    private static String escaped(int point) {
        return switch (point) {
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            default -> point < 0x10000 ? String.format("\\u%04x", point) : String.format("\\u{%x}", point);
        };
    }

    private static int width(int point) {
        if (point < 0x300) {
            return 1;
        }
        return switch (Character.getType(point)) {
            case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.FORMAT -> 0;
            default -> isWide(point) ? 2 : 1;
        };
    }

    /** Whether terminals give it two columns: East Asian scripts, full-width forms, and what is drawn as a picture. */
    private static boolean isWide(int point) {
        for (int i = 0; i < WIDE.length && WIDE[i] <= point; i += 2) {
            if (point <= WIDE[i + 1]) {
                return true;
            }
        }
        return false;
    }

    /** First and last of each run, ascending. */
    private static final int[] WIDE = {
        0x1100, 0x115F, // Hangul initials
        0x231A, 0x231B,
        0x23E9, 0x23EC,
        0x25FD, 0x25FE,
        0x2614, 0x2615,
        0x2648, 0x2653,
        0x26AA, 0x26AB,
        0x26BD, 0x26BE,
        0x26C4, 0x26C5,
        0x26F2, 0x26F5,
        0x2705, 0x2705,
        0x270A, 0x270B,
        0x2728, 0x2728,
        0x274C, 0x274E,
        0x2753, 0x2757,
        0x2795, 0x2797,
        0x2B1B, 0x2B1C,
        0x2B50, 0x2B55,
        0x2E80, 0x303E, // radicals, punctuation
        0x3041, 0xA4CF, // Kana, CJK, Yi
        0xA960, 0xA97F,
        0xAC00, 0xD7A3, // Hangul
        0xF900, 0xFAFF,
        0xFE30, 0xFE6F,
        0xFF01, 0xFF60, // full-width forms
        0xFFE0, 0xFFE6,
        0x16FE0, 0x1B2FF,
        0x1F18E, 0x1F19A,
        0x1F200, 0x1F64F, // pictures
        0x1F680, 0x1F6FF,
        0x1F7E0, 0x1F7EB,
        0x1F90C, 0x1F9FF,
        0x1FA70, 0x1FAFF,
        0x20000, 0x3FFFD, // more CJK
    };
}
