package dev.millrace.state;

import static java.nio.charset.StandardCharsets.UTF_16BE;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Names of files, one for each pipeline and stage, whatever they are called: two never share one, none leads out of the
 * directory, and it is the same to file systems that do not tell capitals from small letters.
 */
final class FileNames {

    private static final int LONGEST = 80;
    private static final int KEPT_OF_LONGER = 40;
    private static final int DIGEST_BYTES = 16;
    private static final int LATIN = 0x100;

    private FileNames() {}

    static String of(String pipeline, String stage) {
        return part(pipeline) + "~" + part(stage) + ".states";
    }

    private static String part(String name) {
        StringBuilder escaped = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '_') {
                escaped.append(c);
            } else if (c < LATIN) {
                escaped.append('%').append(HexFormat.of().toHexDigits((byte) c));
            } else {
                escaped.append("%u").append(HexFormat.of().toHexDigits(c));
            }
        }
        // No shorter name has two such signs in a row.
        return escaped.length() <= LONGEST
                ? escaped.toString()
                : escaped.substring(0, KEPT_OF_LONGER) + "%%" + digest(name);
    }

    private static String digest(String name) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(name.getBytes(UTF_16BE));
            return HexFormat.of().formatHex(digest, 0, DIGEST_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}
