package dev.millrace.testkit.contract;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.RefusedRecordException;
import dev.millrace.pipeline.spi.Sink;
import dev.millrace.pipeline.spi.SinkWriter;
import dev.millrace.pipeline.spi.StageContext;
import dev.millrace.pipeline.spi.UnavailableException;
import dev.millrace.pipeline.spi.WriteResult;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** The contract holds of the simplest sink there can be, and of none that breaks a promise. */
class SinkContractTest extends SinkContract<SinkContractTest.Row> {

    private final Table table = new Table();

    /** The key -1 is refused. */
    record Row(int key, String text) {}

    @Override
    protected Sink<Row> sink() {
        return table;
    }

    @Override
    protected Row value(int number) {
        return new Row(number, "row " + number);
    }

    @Override
    protected Collection<Row> stored() {
        return table.rows();
    }

    @Override
    protected boolean replaces() {
        return true;
    }

    @Override
    protected Optional<Row> successor(int number) {
        return Optional.of(new Row(number, "later"));
    }

    @Override
    protected Optional<Row> refused() {
        return Optional.of(new Row(-1, ""));
    }

    @Override
    protected Optional<Outage> outage() {
        return Optional.of(table);
    }

    @Test
    void shouldFailWhenABatchIsStoredAfterItIsAnswered() {
        assertBroken(of(new Table() {
            private final List<PipelineRecord<Row>> kept = new ArrayList<>();

            @Override
            WriteResult written(List<PipelineRecord<Row>> batch) {
                kept.addAll(batch);
                return WriteResult.written();
            }

            @Override
            void closed() {
                super.written(kept);
            }
        })::shouldHaveStoredABatchWhenItIsAnswered);
    }

    @Test
    void shouldFailWhenTheEndOfALargeBatchIsLost() {
        assertBroken(of(new Table() {
            @Override
            WriteResult written(List<PipelineRecord<Row>> batch) {
                return super.written(batch.subList(0, Math.min(batch.size(), 1_000)));
            }
        })::shouldStoreABatchWhateverItsSize);
    }

    @Test
    void shouldFailWhenWhatIsStoredIsGoneOnceItIsOpenedAgain() {
        assertBroken(of(new Table() {
            @Override
            void opened() {
                clear();
            }
        })::shouldAddToWhatIsStoredWhenItIsOpenedAgain);
    }

    @Test
    void shouldFailWhenARecordThatComesAgainIsTakenForAnotherOne() {
        SinkContract<Row> adding = new SinkContractTest() {
            @Override
            protected boolean replaces() {
                return false;
            }
        };

        assertBroken(adding::shouldStoreABatchThatComesAgain);
    }

    @Test
    void shouldFailWhenOneOfManyBatchesIsLost() {
        assertBroken(of(new Table() {
            @Override
            WriteResult written(List<PipelineRecord<Row>> batch) {
                return batch.get(0).value().key() == 100 ? WriteResult.written() : super.written(batch);
            }
        })::shouldAnswerEachBatchWhenManyAreUnderWay);
    }

    @Test
    void shouldFailWhenItCannotBeClosedTwice() {
        assertThatThrownBy(of(new Table() {
                    private boolean isClosed;

                    @Override
                    void closed() {
                        if (isClosed) {
                            throw new IllegalStateException("closed already");
                        }
                        isClosed = true;
                    }
                })::shouldDoNothingWhenItIsClosedTwice)
                .hasMessage("closed already");
    }

    @Test
    void shouldFailWhenAnInterruptIsSwallowed() {
        assertBroken(of(new Table() {
            @Override
            WriteResult written(List<PipelineRecord<Row>> batch) {
                boolean unused = Thread.interrupted();
                return super.written(batch);
            }
        })::shouldGoOnWhenTheThreadIsInterrupted);
    }

    @Test
    void shouldFailWhenAnEarlierBatchThatComesAgainIsTakenForALaterOne() {
        assertBroken(of(new Table() {
            @Override
            boolean isNewer(PipelineRecord<Row> record, PipelineRecord<Row> stored) {
                return true;
            }
        })
        .new Replacing()::shouldKeepTheLastWhenAnEarlierOneComesAgain);
    }

    @Test
    void shouldFailWhenTheFirstOfABatchStays() {
        assertBroken(of(new Table() {
            @Override
            boolean isNewer(PipelineRecord<Row> record, PipelineRecord<Row> stored) {
                return false;
            }
        })
        .new Replacing()::shouldKeepTheLastOfABatch);
    }

    @Test
    void shouldFailWhenAnotherRecordIsBlamed() {
        assertBroken(of(new Table() {
            @Override
            WriteResult written(List<PipelineRecord<Row>> batch) {
                WriteResult result = super.written(batch);
                Map<Integer, Throwable> shifted = new HashMap<>();
                result.failures().forEach((index, cause) -> shifted.put((index + 1) % batch.size(), cause));
                return WriteResult.failed(shifted);
            }
        })
        .new Refusing()::shouldNameItOrFail);
    }

    @Test
    void shouldFailWhenARefusedRecordIsSaidToBeWritten() {
        Table silent = new Table() {
            @Override
            WriteResult written(List<PipelineRecord<Row>> batch) {
                super.written(batch);
                return WriteResult.written();
            }
        };

        assertBroken(of(silent).new Refusing()::shouldGoOnBehindIt);
        assertBroken(of(silent).new Refusing()::shouldGiveUpItAlone);
    }

    @Test
    void shouldFailWhenRecordsAreBlamedForAnOutage() {
        assertBroken(of(new Table() {
            @Override
            WriteResult written(List<PipelineRecord<Row>> batch) {
                try {
                    return super.written(batch);
                } catch (UnavailableException away) {
                    throw new IllegalStateException(away);
                }
            }
        })
        .new Unavailable()::shouldBlameNoRecord);
    }

    private static void assertBroken(ThrowingCallable promise) {
        assertThatThrownBy(promise).isInstanceOf(AssertionError.class);
    }

    /** The contract of that table, for tests to be called one by one. */
    private static SinkContractTest of(Table broken) {
        return new SinkContractTest() {
            @Override
            protected Sink<Row> sink() {
                return broken;
            }

            @Override
            protected Collection<Row> stored() {
                return broken.rows();
            }

            @Override
            protected Optional<Outage> outage() {
                return Optional.of(broken);
            }
        };
    }

    /** Keeps rows by key in memory, the newest of each. */
    private static class Table implements Sink<Row>, Outage {

        private final Map<Integer, PipelineRecord<Row>> rows = new LinkedHashMap<>();
        private boolean isAway;

        @Override
        public SinkWriter<Row> open(StageContext context) {
            opened();
            return new SinkWriter<>() {

                @Override
                public CompletionStage<WriteResult> write(List<PipelineRecord<Row>> batch) {
                    synchronized (Table.this) {
                        return CompletableFuture.completedFuture(written(batch));
                    }
                }

                @Override
                public boolean isPipelined() {
                    return true;
                }

                @Override
                public void close() {
                    closed();
                }
            };
        }

        void opened() {}

        void closed() {}

        boolean isNewer(PipelineRecord<Row> record, PipelineRecord<Row> stored) {
            return record.writeTimestamp() >= stored.writeTimestamp();
        }

        WriteResult written(List<PipelineRecord<Row>> batch) {
            if (isAway) {
                throw new UnavailableException("away");
            }
            Map<Integer, Throwable> failures = new HashMap<>();
            for (int i = 0; i < batch.size(); i++) {
                if (batch.get(i).value().key() < 0) {
                    failures.put(i, new RefusedRecordException("a negative key"));
                } else {
                    rows.merge(
                            batch.get(i).value().key(),
                            batch.get(i),
                            (stored, record) -> isNewer(record, stored) ? record : stored);
                }
            }
            return WriteResult.failed(failures);
        }

        synchronized List<Row> rows() {
            return rows.values().stream().map(PipelineRecord::value).toList();
        }

        synchronized void clear() {
            rows.clear();
        }

        @Override
        public synchronized void begin() {
            isAway = true;
        }

        @Override
        public synchronized void end() {
            isAway = false;
        }
    }
}
