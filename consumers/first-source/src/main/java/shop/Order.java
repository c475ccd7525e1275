package shop;

public record Order(String customer, String product, int pieces) {}
