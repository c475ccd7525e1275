package dev.millrace.examples.logins;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What is written to a row of the table of users. */
record LastLogin(String loginId, @Nullable String userName, Instant lastLogin) {

    static LastLogin of(Login login, User user) {
        return new LastLogin(login.loginId(), user.userName(), login.createdTime());
    }
}
