package dev.millrace.faults;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A network link to a server that can be made slow, narrow, dead or rude, from outside and while it is in use. Faults
 * hold for all connections, those that exist included.
 */
final class TcpProxy implements AutoCloseable {

    private static final int CHUNK = 16 << 10;
    /** A link holds some data on its way; a sender meets back-pressure beyond. */
    private static final int CHUNKS_ON_THE_WAY = 256;

    private final ServerSocket listener;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "proxy");
        thread.setDaemon(true);
        return thread;
    });
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition flowing = lock.newCondition();
    private volatile InetSocketAddress server;
    private volatile long latencyMillis;
    private volatile long bytesPerSecond = Long.MAX_VALUE;
    private volatile boolean isRefusing;
    private boolean isBlackhole;

    private record Chunk(byte[] bytes, int length, long dueNanos) {}

    /** A link to a server that may be named later, by {@link #leadTo}. */
    TcpProxy() throws IOException {
        listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        server = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
        threads.execute(this::accept);
    }

    TcpProxy leadTo(InetSocketAddress server) {
        this.server = server;
        return this;
    }

    int port() {
        return listener.getLocalPort();
    }

    String address() {
        return "127.0.0.1:" + port();
    }

    /** Each byte arrives so much later, in either direction. */
    void latency(long millis) {
        latencyMillis = millis;
    }

    void bandwidth(long bytesPerSecond) {
        this.bytesPerSecond = bytesPerSecond;
    }

    /** Nothing arrives and nobody is told, until {@link #heal}. */
    void blackhole() {
        setBlackhole(true);
    }

    /** New connections are closed at once. */
    void refuse() {
        isRefusing = true;
    }

    /** All connections end with a reset. */
    void reset() {
        for (Socket socket : sockets) {
            try {
                socket.setSoLinger(true, 0);
            } catch (IOException gone) {
                // It ended by itself.
            }
            close(socket);
        }
    }

    /** As new. */
    void heal() {
        latencyMillis = 0;
        bytesPerSecond = Long.MAX_VALUE;
        isRefusing = false;
        setBlackhole(false);
    }

    private void setBlackhole(boolean isOn) {
        lock.lock();
        try {
            isBlackhole = isOn;
            flowing.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void awaitFlow() throws InterruptedException {
        lock.lock();
        try {
            while (isBlackhole) {
                flowing.await();
            }
        } finally {
            lock.unlock();
        }
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                sockets.add(client);
                threads.execute(() -> connect(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void connect(Socket client) {
        Socket upstream = new Socket();
        try {
            if (isRefusing) {
                throw new IOException("refused");
            }
            awaitFlow();
            upstream.connect(server, 5_000);
            sockets.add(upstream);
            pump(client, upstream);
            pump(upstream, client);
        } catch (IOException unreachable) {
            close(client);
            close(upstream);
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    private void pump(Socket from, Socket to) {
        BlockingQueue<Chunk> onTheWay = new ArrayBlockingQueue<>(CHUNKS_ON_THE_WAY);
        threads.execute(() -> read(from, to, onTheWay));
        threads.execute(() -> write(from, to, onTheWay));
    }

    private void read(Socket from, Socket to, BlockingQueue<Chunk> onTheWay) {
        try (InputStream input = from.getInputStream()) {
            int length;
            do {
                byte[] bytes = new byte[CHUNK];
                length = input.read(bytes);
                onTheWay.put(
                        new Chunk(bytes, length, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(latencyMillis)));
            } while (length >= 0);
        } catch (IOException ended) {
            close(from);
            close(to);
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    private void write(Socket from, Socket to, BlockingQueue<Chunk> onTheWay) {
        try (OutputStream output = to.getOutputStream()) {
            for (Chunk chunk = onTheWay.take(); chunk.length() >= 0; chunk = onTheWay.take()) {
                TimeUnit.NANOSECONDS.sleep(chunk.dueNanos() - System.nanoTime());
                awaitFlow();
                output.write(chunk.bytes(), 0, chunk.length());
                if (bytesPerSecond < Long.MAX_VALUE) {
                    TimeUnit.NANOSECONDS.sleep(TimeUnit.SECONDS.toNanos(chunk.length()) / bytesPerSecond);
                }
            }
        } catch (IOException ended) {
            // The sockets are closed below.
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        } finally {
            close(from);
            close(to);
        }
    }

    private void close(Closeable socket) {
        sockets.remove(socket);
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        threads.shutdownNow();
        sockets.forEach(this::close);
    }
}
