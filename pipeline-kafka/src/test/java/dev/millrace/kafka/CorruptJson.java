package dev.millrace.kafka;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Documents that are no JSON, and some that are made to exhaust whoever reads them; by a name for each. */
final class CorruptJson {

    private static final String VALID =
            "{\"user\":\"Jos\u00e9\",\"rating\":[7,-0.5e+3,true,null],\"x\":{\"y\":\"\\u00e9\\n\"}}";

    private CorruptJson() {}

    static byte[] valid() {
        return VALID.getBytes(UTF_8);
    }

    static Map<String, byte[]> malformed() {
        Map<String, byte[]> documents = new LinkedHashMap<>();
        byte[] valid = valid();
        for (int length = 0; length < valid.length; length++) {
            documents.put("cut off after " + length, Arrays.copyOf(valid, length));
        }
        String[] texts = {
            " ",
            "\t\n",
            "null",
            "nul",
            "True",
            "NaN",
            "Infinity",
            "-Infinity",
            "undefined",
            "'a'",
            "{'a':1}",
            "{a:1}",
            "{\"a\":1,}",
            "[1,]",
            "[,1]",
            "[1,,2]",
            "{\"a\":}",
            "{\"a\" 1}",
            "{\"a\":1 \"b\":2}",
            "{1:2}",
            "{\"a\":1}}",
            "{}{}",
            "{} {}",
            "{}x",
            "[1]]",
            "[",
            "]",
            "{",
            "}",
            ",",
            ":",
            "01",
            "-01",
            "-",
            "+1",
            ".5",
            "1.",
            "1.e3",
            "1e",
            "1e+",
            "0x1F",
            "1_000",
            "1 000",
            "\"",
            "\"a",
            "\"\\x\"",
            "\"\\u12\"",
            "\"\\u12G4\"",
            "\"\\\"",
            "\"a\nb\"",
            "\"a\tb\"",
            "\"\u0000\"",
            "\"\u001f\"",
            "// a\n{}",
            "/* a */{}",
            "# a\n{}",
            "{}//",
            "<a/>",
            "a: 1",
            "a,b\n1,2",
            "{\"a\":\"b\":\"c\"}",
            "[\"a\":1]",
            "{\"a\",\"b\"}",
            "[1 2]",
            "{\"a\":tru}",
            "[1}",
            "{\"a\":1]"
        };
        for (String text : texts) {
            documents.put("text " + text, text.getBytes(UTF_8));
        }
        // Not among them: sequences longer than they need be, such as c0 af, which Jackson reads.
        int[][] bytes = {{0xff}, {0xfe, 0xff}, {0x80}, {0xf8, 0x88, 0x80}, {0xe9}, {0xc3}, {0xed, 0xa0}};
        for (int[] wrong : bytes) {
            documents.put("bytes " + Arrays.toString(wrong), quoted(wrong));
        }
        documents.put("a gzip header", new byte[] {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0});
        documents.put("zeros", new byte[64]);
        documents.put("Java serialized", new byte[] {(byte) 0xac, (byte) 0xed, 0, 5, 0x73, 0x72});
        documents.put("a length before it", prefixed(valid));
        documents.put("UTF-16 with a word cut in two", Arrays.copyOf("{\"a\":1}".getBytes(UTF_16), 15));
        return documents;
    }

    static Map<String, byte[]> bombs() {
        Map<String, byte[]> documents = new LinkedHashMap<>();
        documents.put("100,000 arrays deep", "[".repeat(100_000).getBytes(UTF_8));
        documents.put("100,000 arrays deep and closed", ("[".repeat(100_000) + "]".repeat(100_000)).getBytes(UTF_8));
        documents.put("50,000 objects deep", ("{\"a\":".repeat(50_000) + "1" + "}".repeat(50_000)).getBytes(UTF_8));
        documents.put("a number of 1,000,000 digits", "9".repeat(1_000_000).getBytes(UTF_8));
        documents.put("a fraction of 1,000,000 digits", ("0." + "9".repeat(1_000_000)).getBytes(UTF_8));
        documents.put("an exponent of 1,000,000 digits", ("1e" + "9".repeat(1_000_000)).getBytes(UTF_8));
        StringBuilder keys = new StringBuilder("{");
        for (int i = 0; i < 1_000_000; i++) {
            keys.append(i == 0 ? "" : ",")
                    .append('"')
                    .append(Integer.toString(i, 36))
                    .append("\":0");
        }
        documents.put("1,000,000 keys", keys.append('}').toString().getBytes(UTF_8));
        documents.put("a string of 20 MB", ("\"" + "x".repeat(20_000_000) + "\"").getBytes(UTF_8));
        documents.put("a string of 2 MB", ("\"" + "x".repeat(2_000_000) + "\"").getBytes(UTF_8));
        documents.put("a key of 1 MB", ("{\"" + "x".repeat(1_000_000) + "\":1}").getBytes(UTF_8));
        documents.put("9 MB of commas", ("[" + "0,".repeat(4_500_000) + "0]").getBytes(UTF_8));
        return documents;
    }

    private static byte[] quoted(int[] wrong) {
        byte[] document = new byte[wrong.length + 2];
        document[0] = '"';
        for (int i = 0; i < wrong.length; i++) {
            document[i + 1] = (byte) wrong[i];
        }
        document[document.length - 1] = '"';
        return document;
    }

    /** As a schema registry's clients write it. */
    private static byte[] prefixed(byte[] document) {
        byte[] prefixed = new byte[document.length + 5];
        prefixed[4] = 1;
        System.arraycopy(document, 0, prefixed, 5, document.length);
        return prefixed;
    }
}
