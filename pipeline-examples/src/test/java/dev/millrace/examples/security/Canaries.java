package dev.millrace.examples.security;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Texts that occur nowhere else, to be planted where secrets and payload are, and found where neither may be. */
final class Canaries {

    private static final int EXCERPT = 150;

    private final String mark = "canary" + UUID.randomUUID().toString().substring(0, 8);
    private final String secrets = mark + "-secret-";
    private final String payloads = mark + "-payload-";
    private final List<String> formsOfSecrets = forms(secrets);
    private final List<String> formsOfAll = forms(mark);

    /** A password, a token. */
    String secret(String what) {
        return secrets + what;
    }

    /** Of a record, a row, an answer. */
    String payload(String what) {
        return payloads + what;
    }

    /** Where the text tells a secret, in whatever form, some of what stands there. */
    Optional<String> secretIn(String text) {
        return find(formsOfSecrets, text);
    }

    /** The same of secrets and payload. */
    Optional<String> anyIn(String text) {
        return find(formsOfAll, text);
    }

    private static Optional<String> find(List<String> forms, String text) {
        return forms.stream()
                .map(text::indexOf)
                .filter(at -> at >= 0)
                .findFirst()
                .map(at -> text.substring(Math.max(0, at - EXCERPT), Math.min(text.length(), at + EXCERPT)));
    }

    /** As it is, and as bytes are printed: in numbers, in hexadecimal, in Base64 wherever in it the text begins. */
    private static List<String> forms(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        String numbers = Arrays.toString(bytes);
        return Stream.concat(
                        Stream.of(
                                text,
                                numbers.substring(1, numbers.length() - 1),
                                HexFormat.of().formatHex(bytes)),
                        IntStream.range(0, 3).mapToObj(before -> base64(bytes, before)))
                .toList();
    }

    /** Those characters of Base64 that depend on nothing else, where so many bytes come before. */
    private static String base64(byte[] bytes, int before) {
        byte[] moved = new byte[before + bytes.length];
        System.arraycopy(bytes, 0, moved, before, bytes.length);
        int from = (before * 8 + 5) / 6;
        return Base64.getEncoder().encodeToString(moved).substring(from, moved.length * 8 / 6);
    }
}
