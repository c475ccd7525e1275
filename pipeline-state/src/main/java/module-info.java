/** Keeps the states of aggregates; begin with {@link dev.millrace.state.StateDirectory}. */
module dev.millrace.state {
    requires transitive dev.millrace.pipeline;
    requires java.sql;
    requires org.xerial.sqlitejdbc;
    requires static transitive org.jspecify;

    exports dev.millrace.state;
}
