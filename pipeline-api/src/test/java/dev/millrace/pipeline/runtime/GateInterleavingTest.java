package dev.millrace.pipeline.runtime;

import static dev.millrace.pipeline.runtime.Interleavings.check;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/** Workers that share a gate: no more within than it lets, and whoever waits has its turn while others come and go. */
@EnabledForJreRange(max = JRE.JAVA_25, disabledReason = "Lincheck knows no newer JDK")
class GateInterleavingTest {

    @Test
    void shouldLetEveryoneInInTheEnd() {
        Interleavings.of(120, () -> {
            Place place = new Place();
            Visitor one = new Visitor(place);
            Visitor two = new Visitor(place);
            Interleavings.together(one::visit, two::visit);
            while (one.isMoved() || two.isMoved()) {}
            check(one.isOver() && two.isOver(), "nobody waits while the gate is free");
        });
    }

    /** One of them may be handed a chance after it has given its visit up. */
    @Test
    void shouldLetTheNextInWhereOneGivesUpWhileItWaits() {
        Interleavings.of(120, () -> {
            Place place = new Place();
            Visitor steady = new Visitor(place);
            Visitor fickle = new Visitor(place);
            Visitor last = new Visitor(place);
            steady.come();
            fickle.come();
            Interleavings.together(steady::move, () -> fickle.giveUp(), last::visit);
            while (steady.isMoved() || fickle.isMoved() || last.isMoved()) {}
            check(steady.isOver() && fickle.isOver() && last.isOver(), "nobody waits while the gate is free");
        });
    }

    /** What a gate that lets one in leads to. */
    private static final class Place {

        final Gate gate = new Gate(1);
        final AtomicInteger within = new AtomicInteger();
    }

    /** Uses the gate as the steps of a worker do, and leaves it with the next task. */
    private static final class Visitor {

        private final Place place;
        private final Queue<Runnable> mailbox = new ConcurrentLinkedQueue<>();
        private boolean isWanting;
        private boolean isWithin;
        private boolean isAtGate;

        Visitor(Place place) {
            this.place = place;
        }

        void visit() {
            come();
            move();
        }

        void come() {
            isWanting = true;
            enter();
        }

        private void enter() {
            if (!isWanting || isAtGate) {
                return;
            }
            isAtGate = !place.gate.tryEnter(mailbox::add, this::roomAtGate);
            if (!isAtGate) {
                isWanting = false;
                isWithin = true;
                check(place.within.incrementAndGet() == 1, "one at a time is within");
            }
        }

        private void roomAtGate() {
            isAtGate = false;
            enter();
            place.gate.tried();
        }

        void giveUp() {
            isWanting = false;
            move();
        }

        void move() {
            while (isMoved()) {}
        }

        /** A cycle of its worker: says whether there was anything to do. */
        boolean isMoved() {
            Runnable task = mailbox.poll();
            if (task != null) {
                task.run();
            } else if (isWithin) {
                isWithin = false;
                place.within.decrementAndGet();
                place.gate.leave();
            } else {
                return false;
            }
            return true;
        }

        boolean isOver() {
            return !isWanting && !isWithin;
        }
    }
}
