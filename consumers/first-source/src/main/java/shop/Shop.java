package shop;

import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.RunningPipeline;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;

public final class Shop {

    static final String TABLE = """
            CREATE TABLE IF NOT EXISTS outbox (
                id INTEGER PRIMARY KEY AUTOINCREMENT, customer TEXT NOT NULL, product TEXT NOT NULL, pieces INTEGER NOT NULL
            )""";

    public static void main(String[] args) throws Exception {
        String database = "jdbc:sqlite:target/shop.db";
        try (Connection connection = DriverManager.getConnection(database);
                Statement statement = connection.createStatement()) {
            statement.execute(TABLE);
            statement.execute("INSERT INTO outbox (customer, product, pieces) "
                    + "VALUES ('ada', 'lamp', 2), ('bob', 'desk', 0), ('eve', 'chair', 1)");
        }

        Pipeline orders = Pipeline.named("orders")
                .from(new OutboxSource(database))
                .filter(order -> order.pieces() > 0)
                .to(Sinks.table(System.out).width(80));

        try (RunningPipeline running = PipelineRunner.create().start(orders)) {
            running.finish();
            running.awaitTermination();
        }
    }
}
