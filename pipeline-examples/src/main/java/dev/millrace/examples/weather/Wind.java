package dev.millrace.examples.weather;

import org.jspecify.annotations.Nullable;

/** A row of the table of weather: how fast the wind of a city is, in metres a second. */
public record Wind(String city, @Nullable String country, double windspeed) {}
