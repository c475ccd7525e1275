package dev.millrace.console;

import java.io.File;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.openqa.selenium.By;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** Chromium without a window, with a profile of its own that goes with it. */
final class Browser implements AutoCloseable {

    private static final Pattern REQUEST = Pattern.compile(
            "\"method\":\"Network\\.requestWillBeSent\".*?\"request\":\\{.*?\"url\":\"([^\"]+)\"", Pattern.DOTALL);

    private final ChromeDriver driver;

    private Browser(ChromeDriver driver) {
        this.driver = driver;
    }

    /** Skips the tests where there is none, or fails them where there must be one. Nothing is ever downloaded. */
    static Browser start() {
        Optional<File> browser = onPath("chromium", "chromium-browser", "google-chrome");
        Optional<File> control = onPath("chromedriver");
        if (browser.isEmpty() || control.isEmpty()) {
            String reason = "there is no chromium with a chromedriver on the PATH;"
                    + " Debian has them in the packages chromium and chromium-driver";
            if (isRequired()) {
                throw new AssertionError(reason);
            }
            Assumptions.abort(reason);
        }
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        logs.enable(LogType.PERFORMANCE, Level.ALL);
        ChromeOptions options = new ChromeOptions();
        options.setBinary(browser.orElseThrow());
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync");
        options.setCapability("goog:loggingPrefs", logs);
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(control.orElseThrow())
                .build();
        return new Browser(new ChromeDriver(service, options));
    }

    private static boolean isRequired() {
        return "required".equals(System.getProperty("millrace.browser", System.getenv("MILLRACE_BROWSER")));
    }

    private static Optional<File> onPath(String... names) {
        List<String> directories = List.of(System.getenv("PATH").split(File.pathSeparator));
        return Stream.of(names)
                .flatMap(name -> directories.stream().map(directory -> new File(directory, name)))
                .filter(File::canExecute)
                .findFirst();
    }

    void open(URI address) {
        driver.get(address.toString());
    }

    void colours(String scheme) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    }

    void size(int width, int height) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 600));
    }

    void click(String selector) {
        driver.findElement(By.cssSelector(selector)).click();
    }

    Object script(String body, Object... arguments) {
        return driver.executeScript(body, arguments);
    }

    /** What can be read there, of all that the selector meets, in one line; empty where it meets nothing. */
    String text(String selector) {
        return String.valueOf(script(
                "return [...document.querySelectorAll(arguments[0])].map(each => each.innerText).join(' | ')"
                        + ".replaceAll(/\\s+/g, ' ').trim()",
                selector));
    }

    long count(String selector) {
        return (Long) script("return document.querySelectorAll(arguments[0]).length", selector);
    }

    void awaitText(String selector, String expected) throws Exception {
        Await.until(
                () -> selector + " says '" + text(selector) + "' rather than '" + expected + "', of " + text("body"),
                () -> text(selector).contains(expected));
    }

    /** What the page has complained of since this was asked last. */
    List<String> complaints() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .map(LogEntry::getMessage)
                .toList();
    }

    /** The addresses that have been asked for since this was asked last. */
    List<String> requests() {
        return driver.manage().logs().get(LogType.PERFORMANCE).getAll().stream()
                .map(entry -> REQUEST.matcher(entry.getMessage()))
                .filter(Matcher::find)
                .map(found -> found.group(1))
                .toList();
    }

    @Override
    public void close() {
        driver.quit();
    }
}
