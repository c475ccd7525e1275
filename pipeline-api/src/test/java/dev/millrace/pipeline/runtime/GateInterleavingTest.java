package dev.millrace.pipeline.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/** Workers that share a gate: no more within than it lets, and whoever waits has its turn while others come and go. */
@EnabledForJreRange(max = JRE.JAVA_25, disabledReason = "Lincheck knows no newer JDK")
class GateInterleavingTest {

    private final Engine engine = Interleavings.endedEngine();

    @Test
    void shouldLetEveryoneInInTheEnd() {
        Interleavings.of(() -> {
            Place place = new Place(2);
            Visitor one = place.visitor();
            Visitor two = place.visitor();

            one.worker.execute(one::come);
            two.worker.execute(two::come);

            place.awaitAll();
        });
    }

    /** The one in the middle may be handed a chance after it has given its visit up. */
    @Test
    void shouldLetTheNextInWhereOneGivesUpWhileItWaits() {
        Interleavings.of(() -> {
            Place place = new Place(3);
            Visitor first = place.visitor();
            Visitor fickle = place.visitor();
            Visitor last = place.visitor();

            first.worker.execute(first::come);
            fickle.worker.execute(fickle::come);
            fickle.worker.execute(fickle::giveUp);
            last.worker.execute(last::come);

            place.awaitAll();
        });
    }

    /** What a gate with one permit leads to. */
    private final class Place {

        final Gate gate = new Gate(1);
        final AtomicInteger within = new AtomicInteger();
        final AtomicInteger most = new AtomicInteger();
        final CountDownLatch over;

        Place(int visitors) {
            over = new CountDownLatch(visitors);
        }

        Visitor visitor() {
            return new Visitor(this, Interleavings.startedWorker(engine));
        }

        void awaitAll() {
            try {
                over.await();
            } catch (InterruptedException interrupted) {
                throw new AssertionError(interrupted);
            }
            assertThat(most.get()).isEqualTo(1);
        }
    }

    /** Uses the gate as steps do, and leaves it with the next task of its worker. */
    private static final class Visitor {

        final Place place;
        final Worker worker;
        private boolean isWanting;
        private boolean isAtGate;

        Visitor(Place place, Worker worker) {
            this.place = place;
            this.worker = worker;
        }

        void come() {
            isWanting = true;
            enter();
        }

        private void enter() {
            if (!isWanting || isAtGate) {
                return;
            }
            isAtGate = !place.gate.tryEnter(worker, this::roomAtGate);
            if (!isAtGate) {
                isWanting = false;
                int now = place.within.incrementAndGet();
                place.most.accumulateAndGet(now, Math::max);
                worker.execute(this::leave);
            }
        }

        private void roomAtGate() {
            isAtGate = false;
            enter();
            place.gate.tried();
        }

        private void leave() {
            place.within.decrementAndGet();
            place.gate.leave();
            place.over.countDown();
        }

        void giveUp() {
            if (isWanting) {
                isWanting = false;
                place.over.countDown();
            }
        }
    }
}
