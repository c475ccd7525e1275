package dev.millrace.examples;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a module brings with it, as the build has written it down for its release. */
final class BillOfMaterials {

    private static final Pattern CLASSIFIER = Pattern.compile("[?&]classifier=([^&]+)");
    private static final String OWN_GROUP = "dev.millrace";

    private final JsonNode bill;

    private BillOfMaterials(JsonNode bill) {
        this.bill = bill;
    }

    /** An artifact of somebody else. */
    record Artifact(String name, String version, String licence) {}

    static BillOfMaterials of(Path module) throws IOException {
        Path file = module.resolve("target/bom.json");
        assumeTrue(
                Files.exists(file) || System.getenv("CI") != null,
                () -> file + " is missing: a build that is offline, or of this module alone, makes none");
        return new BillOfMaterials(new ObjectMapper().readTree(file.toFile()));
    }

    /** All but what is optional, and what only that brings. */
    List<Artifact> reachingUsers() {
        Map<String, JsonNode> components = new HashMap<>();
        for (JsonNode component : bill.path("components")) {
            if (component.path("scope").asText().equals("required")) {
                components.put(component.path("bom-ref").asText(), component);
            }
        }
        Map<String, JsonNode> brought = new HashMap<>();
        for (JsonNode each : bill.path("dependencies")) {
            brought.put(each.path("ref").asText(), each.path("dependsOn"));
        }
        Set<String> reached = new LinkedHashSet<>();
        Deque<String> open = new ArrayDeque<>();
        open.add(bill.at("/metadata/component/bom-ref").asText());
        while (!open.isEmpty()) {
            for (JsonNode next : brought.get(open.remove())) {
                if (components.containsKey(next.asText()) && reached.add(next.asText())) {
                    open.add(next.asText());
                }
            }
        }
        return reached.stream()
                .map(components::get)
                .filter(component -> !component.path("group").asText().equals(OWN_GROUP))
                .map(BillOfMaterials::artifact)
                .toList();
    }

    private static Artifact artifact(JsonNode component) {
        Matcher classifier = CLASSIFIER.matcher(component.path("purl").asText());
        return new Artifact(
                component.path("group").asText() + ":" + component.path("name").asText()
                        + (classifier.find() ? ":" + classifier.group(1) : ""),
                component.path("version").asText(),
                licence(component.path("licenses")));
    }

    /** Several are for the user to choose from. */
    private static String licence(JsonNode licences) {
        List<String> names = new ArrayList<>();
        for (JsonNode each : licences) {
            JsonNode licence = each.path("license");
            names.add(
                    licence.isMissingNode()
                            ? each.path("expression").asText()
                            : licence.path(licence.has("id") ? "id" : "name").asText());
        }
        return String.join(" or ", names);
    }
}
