package readings;

public record Count(String place, long readings) {}
