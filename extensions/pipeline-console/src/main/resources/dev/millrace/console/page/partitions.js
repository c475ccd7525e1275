// The partitions, those first that something holds back for long.

import { byId, row, setAttribute, setText, showAll } from "./dom.js";
import { count, time } from "./format.js";

const TITLES = ["Partition", "Done up to", "Lag", "Behind", "Held back by"];
const LONG_MILLIS = 10_000;
const FEW = 20;

const order = new Intl.Collator("en", { numeric: true });
const isHeld = partition => (partition.heldBackBy?.ageMs ?? 0) >= LONG_MILLIS;
let areAllShown = false;
let last = [];

export function showPartitions(partitions) {
  last = partitions;
  const sorted = partitions.toSorted((a, b) => isHeld(b) - isHeld(a) || order.compare(a.name, b.name));
  showAll(
    byId("partitions").tBodies[0],
    areAllShown ? sorted : sorted.slice(0, FEW),
    partition => partition.name,
    () => row(TITLES),
    (made, partition) => {
      const [name, frontier, lag, behind, held] = made.children;
      setText(name, partition.name);
      setText(frontier, count(partition.frontier));
      setText(lag, count(partition.lag));
      setText(behind, time(partition.lagMs));
      setText(held, partition.heldBackBy ? words(partition.heldBackBy) : "");
      made.classList.toggle("is-held", isHeld(partition));
    });
  const more = byId("all-partitions");
  setText(more, areAllShown ? "Show fewer" : `Show all ${count(partitions.length)}`);
  setAttribute(more, "hidden", partitions.length <= FEW && "");
}

function words(record) {
  const attempts = record.failedAttempts;
  return `offset ${record.offset}`
    + (record.stage ? ` in '${record.stage}'` : "")
    + ` for ${time(record.ageMs)}`
    + (attempts === 0 ? "" : `, ${count(attempts)} failed attempt${attempts === 1 ? "" : "s"}`)
    + (record.unavailableMs === 0 ? "" : `, unavailable for ${time(record.unavailableMs)}`);
}

byId("all-partitions").addEventListener("click", () => {
  areAllShown = !areAllShown;
  showPartitions(last);
});
