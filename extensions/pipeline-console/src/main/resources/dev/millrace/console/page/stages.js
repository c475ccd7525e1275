// The stages as a table, with the ways that records take drawn beside it.

import { html, row, setText, showAll, svg } from "./dom.js";
import { count, rate, shortCount, time } from "./format.js";

const TITLES = ["Stage", "In/s", "Out/s", "Held", "Call takes", "Dropped", "Given up"];
const STEP = 20;
const LEFT = 12;

const x = depth => LEFT + STEP * depth;

/**
 * By stage the lines of its row. What leads to a stage comes down at the depth of the stage before it, through all rows
 * between, and turns aside at its own.
 */
export function rails(stages) {
  const lines = stages.map(() => []);
  const indexOf = new Map(stages.map((stage, index) => [stage.name, index]));
  stages.forEach((stage, to) => {
    const from = indexOf.get(stage.from);
    if (from === undefined) {
      return;
    }
    const depth = stages[from].depth;
    lines[from].push({ depth, part: "lower" });
    for (let between = from + 1; between < to; between++) {
      lines[between].push({ depth, part: "whole" });
    }
    lines[to].push({ depth, part: "upper" });
    if (stage.depth !== depth) {
      lines[to].push({ depth, part: "aside", to: stage.depth });
    }
  });
  return lines;
}

const ENDS = { lower: ["50%", "100%"], whole: ["0", "100%"], upper: ["0", "50%"] };

function drawn(line) {
  const at = x(line.depth);
  if (line.part === "aside") {
    return svg("line", { x1: at, x2: x(line.to), y1: "50%", y2: "50%" });
  }
  const [from, to] = ENDS[line.part];
  return svg("line", { x1: at, x2: at, y1: from, y2: to });
}

function rail(stage, lines, depths) {
  const isEnd = ["from", "to", "alsoTo", "dead letters"].includes(stage.verb);
  const mark = isEnd
    ? svg("rect", { x: x(stage.depth) - 5, y: "50%", width: 10, height: 10, rx: 2, transform: "translate(0 -5)", class: "mark end" })
    : svg("circle", { cx: x(stage.depth), cy: "50%", r: 5, class: "mark" });
  return svg("svg", { class: "rail", width: x(depths) + LEFT, "aria-hidden": "true" }, ...lines.map(drawn), mark);
}

function cell(child, text, small) {
  if (child.children.length === 0) {
    child.append(html("span"), html("small"));
  }
  setText(child.children[0], text);
  setText(child.children[1], small);
}

export function showStages(body, stages) {
  const lines = rails(stages);
  const depths = Math.max(...stages.map(stage => stage.depth));
  showAll(
    body,
    stages.map((stage, index) => ({ ...stage, index })),
    stage => stage.name,
    stage => {
      const made = row(TITLES, { "data-stage": stage.name });
      const about = [stage.verb === stage.name ? "" : stage.verb, stage.detail].filter(text => text).join(" · ");
      const first = html("th", { role: "rowheader", scope: "row", class: `indent-${Math.min(depths, 6)}` },
        rail(stage, lines[stage.index], depths), html("span", {}, stage.name), html("small", {}, about));
      made.replaceChild(first, made.children[0]);
      return made;
    },
    (made, stage) => {
      const [, inRate, outRate, held, calls, dropped, failed] = made.children;
      const isSource = stage.from === "" && stage.verb === "from";
      cell(inRate, rate(stage.inRate), `${count(stage.in)} in all`);
      cell(outRate, rate(stage.outRate), `${count(stage.out)} in all`);
      cell(held, isSource ? "" : count(stage.held), "");
      cell(calls, stage.longestMs ? time(stage.meanMs) : "", stage.longestMs ? `most ${time(stage.longestMs)}` : "");
      cell(dropped, stage.dropped === 0 ? "" : count(stage.dropped), "");
      cell(failed, stage.failed === 0 ? "" : count(stage.failed), troubles(stage));
      made.classList.toggle("has-failed", stage.failed > 0);
      made.classList.toggle("is-moving", stage.inRate > 0);
    });
}

function troubles(stage) {
  return [
    stage.retries === 0 ? "" : `${shortCount(stage.retries)} tried again`,
    stage.unavailable === 0 ? "" : `${shortCount(stage.unavailable)} unavailable`,
  ].filter(text => text).join(", ");
}
