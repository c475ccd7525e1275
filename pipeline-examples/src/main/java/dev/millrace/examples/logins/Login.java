package dev.millrace.examples.logins;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.time.Instant;
import java.util.Objects;

/** A login as it travels on Kafka: {@code {"created_time": "2020-09-18 07:15:00", "login_id": "100009"}}. */
@JsonNaming(SnakeCaseStrategy.class)
record Login(@JsonFormat(pattern = "yyyy-MM-dd HH:mm:ss") Instant createdTime, String loginId) {

    /** Refuses a login of nobody, or at no time. */
    Login {
        Objects.requireNonNull(createdTime, "created_time");
        Objects.requireNonNull(loginId, "login_id");
    }
}
