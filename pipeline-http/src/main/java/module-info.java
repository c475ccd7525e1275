/** Looks answers up over HTTP; begin with {@link dev.millrace.http.Http}. */
module dev.millrace.http {
    requires transitive dev.millrace.pipeline;
    requires transitive java.net.http;
    requires static transitive org.jspecify;

    exports dev.millrace.http;
}
