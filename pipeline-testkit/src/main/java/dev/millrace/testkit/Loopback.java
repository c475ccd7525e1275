package dev.millrace.testkit;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/** The one address that servers listen on; by its number, since names and preferences differ between machines. */
final class Loopback {
    static final String HOST = "127.0.0.1";

    private Loopback() {}

    static InetSocketAddress at(int port) {
        try {
            return new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port);
        } catch (UnknownHostException e) {
            throw new AssertionError("four bytes are an address", e);
        }
    }
}
