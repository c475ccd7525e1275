// Asks once a second, and shows what it is told.

import { byId, html, setAttribute, setText, showAll } from "./dom.js";
import { showFailures } from "./failures.js";
import { bytes, clock, count, rate, time } from "./format.js";
import { showPartitions } from "./partitions.js";
import { plot } from "./plot.js";
import { act, details, list } from "./service.js";
import { showStages } from "./stages.js";

const EVERY_MILLIS = 1_000;
const MOST_POINTS = 600;

const throughput = plot(byId("throughput"), "Records a second", [
  { name: "read", kind: "read", of: point => point.read },
  { name: "done", kind: "done", of: point => point.done },
], rate);
const lag = plot(byId("lag"), "Records behind", [
  { name: "lag", kind: "lag", of: point => point.lag },
], count);
const inFlight = plot(byId("in-flight"), "Records in flight", [
  { name: "in flight", kind: "in-flight", of: point => point.inFlight },
], count);

/** The pipeline on show: its id, the points of its plots, and the token of whoever may change it. */
let shown = { id: null, points: [], token: null };
let answeredAt = Date.now();
let isAsking = false;

function show(id) {
  shown = { id, points: [], token: null };
  for (const place of ["stages", "partitions"]) {
    byId(place).tBodies[0].replaceChildren();
  }
  byId("failures").replaceChildren();
}

/** By the address, or else the first that has not ended. */
function chosen(pipelines) {
  const asked = location.hash.slice(1);
  return pipelines.find(pipeline => String(pipeline.id) === asked)
    ?? pipelines.find(pipeline => pipeline.endedMs === null)
    ?? pipelines.at(-1);
}

async function refresh() {
  if (isAsking) {
    return;
  }
  isAsking = true;
  try {
    const pipelines = await list();
    const pipeline = chosen(pipelines);
    if (pipeline && pipeline.id !== shown.id) {
      show(pipeline.id);
    }
    const told = pipeline ? await details(shown.id, shown.points.at(-1)?.number ?? 0) : null;
    // The service may have been started anew meanwhile.
    if (byId("pipeline").classList.contains("is-old")) {
      show(null);
      setOld(false);
      return;
    }
    answeredAt = Date.now();
    showNames(pipelines, pipeline);
    setAttribute(byId("pipeline"), "hidden", told ? false : "");
    notice(pipelines.length > 0 ? "" : "No pipeline has begun yet. Those that have this console as a listener are shown.");
    if (told) {
      showPipeline(told);
    }
  } catch (failure) {
    setOld(true);
    notice(`No answer since ${clock(Date.now() - answeredAt)}: the service has ended, or cannot be reached.`);
  } finally {
    isAsking = false;
  }
}

const setOld = isOld => byId("pipeline").classList.toggle("is-old", isOld);

function notice(text) {
  setText(byId("notice"), text);
  setAttribute(byId("notice"), "hidden", text === "" && "");
}

function showNames(pipelines, chosenOne) {
  const names = pipelines.map(pipeline => pipeline.name);
  const isAlone = pipeline => names.filter(name => name === pipeline.name).length === 1;
  showAll(
    byId("pipelines"),
    pipelines,
    pipeline => pipeline.id,
    pipeline => html("a", { href: `#${pipeline.id}` }, html("span"), html("small")),
    (link, pipeline) => {
      setText(link.children[0], pipeline.name + (isAlone(pipeline) ? "" : ` #${pipeline.id}`));
      setText(link.children[1], pipeline.endedMs === null ? `${rate(pipeline.doneRate)}/s` : word(pipeline));
      setAttribute(link, "aria-current", pipeline === chosenOne && "page");
    });
}

const word = told => told.paused ? "paused" : told.state.toLowerCase();

function showPipeline(told) {
  const now = Date.now();
  document.title = `${told.name} – Millrace`;
  setText(byId("name"), told.name);
  setText(byId("state"), word(told) + (told.health === "DEGRADED" ? " · degraded" : ""));
  byId("state").className = `badge ${told.health.toLowerCase()} ${told.state.toLowerCase()}`;
  setText(byId("since"), told.endedMs === null ? `for ${time(told.sinceMs)}` : `${time(told.endedMs)} ago`);
  showAll(byId("reasons"), told.reasons, reason => reason, reason => html("li", {}, reason), () => {});
  showTotals(told);
  shown.points = [...shown.points, ...told.points.map(point => ({ ...point, at: now - point.agoMs }))]
    .slice(-MOST_POINTS);
  const until = told.endedMs === null ? now : now - told.endedMs;
  [throughput, lag, inFlight].forEach(show => show(shown.points, until));
  showStages(byId("stages").tBodies[0], told.stages);
  showPartitions(told.partitions);
  showFailures(told.failures, told.payloads);
  showControls(told);
}

function showTotals({ totals, readRate, doneRate, partitions }) {
  const known = partitions.filter(partition => partition.lag !== null);
  const behind = partitions.map(partition => partition.lagMs).filter(millis => millis !== null);
  const tiles = [
    ["Read", `${rate(readRate)}/s`, `${count(totals.read)} in all`],
    ["Done", `${rate(doneRate)}/s`, `${count(totals.done)} in all`],
    ["In flight", count(totals.inFlight), bytes(totals.bytesInFlight)],
    ["Lag", known.length === 0 ? "–" : count(known.reduce((sum, partition) => sum + partition.lag, 0)),
      behind.length === 0 ? "not known" : `${time(Math.max(...behind))} behind`],
    ["Dead letters", count(totals.deadLetters), ""],
    ["Skipped", count(totals.skipped), totals.dataLosses === 0 ? "" : `${count(totals.dataLosses)} ranges lost`],
  ];
  showAll(
    byId("totals"),
    tiles,
    ([name]) => name,
    ([name]) => html("div", { "data-total": name }, html("dt", {}, name), html("dd"), html("dd", { class: "faint" })),
    (tile, [, value, more]) => {
      setText(tile.children[1], value);
      setText(tile.children[2], more);
    });
}

function showControls({ token, state, paused, endedMs }) {
  shown.token = token ?? null;
  const actions = !token || endedMs !== null ? [] : [
    ...(state === "RUNNING" ? [paused ? "resume" : "pause"] : []),
    ...(state === "RUNNING" ? ["drain"] : []),
  ];
  const titles = { pause: "Pause", resume: "Resume", drain: "Drain…" };
  showAll(
    byId("controls"),
    actions,
    action => action,
    action => html("button", { type: "button", onclick: () => (action === "drain" ? confirmDrain() : perform(action)) },
      titles[action]),
    () => {});
}

async function perform(action) {
  try {
    await act(shown.id, action, shown.token);
    await refresh();
  } catch (failure) {
    notice(`Could not ${action}: ${failure.message}`);
  }
}

function confirmDrain() {
  setText(byId("confirm-text"),
    `${byId("name").textContent} reads no more, finishes what is in flight, and stops. `
    + "It does not begin again before the service starts it.");
  byId("confirm").showModal();
}

byId("confirm-no").addEventListener("click", () => byId("confirm").close());
byId("confirm-yes").addEventListener("click", () => {
  byId("confirm").close();
  perform("drain");
});
addEventListener("hashchange", refresh);
document.addEventListener("visibilitychange", refresh);
setInterval(() => {
  if (!document.hidden) {
    refresh();
  }
}, EVERY_MILLIS);
refresh();
