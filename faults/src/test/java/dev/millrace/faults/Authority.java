package dev.millrace.faults;

import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.concurrent.atomic.AtomicInteger;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Signs the certificates of a test's servers and clients, and keeps them in PKCS #12 stores with one password. */
final class Authority {

    static final String STORE_PASSWORD = "canary-of-a-store";

    private static final Duration DAY = Duration.ofDays(1);
    private static final AtomicInteger SERIAL = new AtomicInteger();

    private final Path directory;
    private final X500Name name;
    private final KeyPair keys = newKeys();
    private final X509Certificate certificate;

    Authority(Path directory, String name) throws Exception {
        this.directory = directory;
        this.name = new X500Name("CN=" + name);
        this.certificate = signed(builder(this.name, keys, Instant.now().plus(DAY))
                .addExtension(Extension.basicConstraints, true, new BasicConstraints(true)));
    }

    /** A store that trusts what this one has signed, and besides the certificate of a store of its. */
    Path trust(Path... stores) throws Exception {
        KeyStore trust = empty();
        trust.setCertificateEntry("authority", certificate);
        for (Path store : stores) {
            KeyStore other = KeyStore.getInstance(store.toFile(), STORE_PASSWORD.toCharArray());
            trust.setCertificateEntry(store.getFileName().toString(), other.getCertificate("key"));
        }
        return stored(trust, directory.resolve("trust-" + SERIAL.incrementAndGet() + ".p12"));
    }

    /** The key and certificate of a client. */
    Path client() throws Exception {
        return issued("client-" + SERIAL.incrementAndGet(), Instant.now().plus(DAY));
    }

    /** Those of a server with this name or address, and no other. */
    Path server(String host) throws Exception {
        return server(host, Instant.now().plus(DAY));
    }

    /** The same, of yesterday. */
    Path expiredServer(String host) throws Exception {
        return server(host, Instant.now().minus(DAY));
    }

    private Path server(String host, Instant end) throws Exception {
        int kind = host.matches("[0-9.]+") ? GeneralName.iPAddress : GeneralName.dNSName;
        return issued("server-" + SERIAL.incrementAndGet(), end, new GeneralName(kind, host));
    }

    private Path issued(String subject, Instant end, GeneralName... addresses) throws Exception {
        KeyPair theirs = newKeys();
        X509v3CertificateBuilder builder = builder(new X500Name("CN=" + subject), theirs, end);
        if (addresses.length > 0) {
            builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(addresses));
        }
        KeyStore store = empty();
        store.setKeyEntry("key", theirs.getPrivate(), STORE_PASSWORD.toCharArray(), new Certificate[] {
            signed(builder), certificate
        });
        return stored(store, directory.resolve(subject + ".p12"));
    }

    private X509v3CertificateBuilder builder(X500Name subject, KeyPair theirs, Instant end) {
        return new JcaX509v3CertificateBuilder(
                name,
                BigInteger.valueOf(SERIAL.incrementAndGet()),
                Date.from(end.minus(DAY.multipliedBy(2))),
                Date.from(end),
                subject,
                theirs.getPublic());
    }

    private X509Certificate signed(X509v3CertificateBuilder builder)
            throws GeneralSecurityException, OperatorCreationException, CertIOException {
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
    }

    private static KeyPair newKeys() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    private static KeyStore empty() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    private static Path stored(KeyStore store, Path file) throws GeneralSecurityException, IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, STORE_PASSWORD.toCharArray());
        }
        return file;
    }
}
