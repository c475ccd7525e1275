// Plots of the last minutes, as SVG that stretches to its place; what is to be read stands beside it, unstretched.

import { html, setAttribute, setText, svg } from "./dom.js";
import { time } from "./format.js";

const WIDTH = 600;
const HEIGHT = 120;
const LEAST_MILLIS = 60_000;
const MOST_MILLIS = 600_000;

/** The least of 1, 1.5, 2, 3, 5, 7.5, 10, 15, … that is no less. */
export function roundedUp(value) {
  if (value <= 1) {
    return 1;
  }
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 1.5, 2, 3, 5, 7.5, 10].map(step => step * power).find(step => step >= value);
}

/**
 * Makes a plot of one or more series: each has a name, a class and what it takes of a point, null where that is not
 * known. Returns what shows points in it; each has `at`, milliseconds by the clock of this page.
 */
export function plot(figure, title, series, format) {
  const lines = series.map(each => svg("path", { class: `line ${each.kind}` }));
  const areas = series.map(each => svg("path", { class: `area ${each.kind}` }));
  const cursor = svg("line", { class: "cursor", y1: 0, y2: HEIGHT, visibility: "hidden" });
  const grid = [0, 0.5, 1].map(part =>
    svg("line", { class: "grid", x1: 0, x2: WIDTH, y1: HEIGHT * part, y2: HEIGHT * part }));
  const image = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", role: "img" },
    ...grid, ...areas, ...lines, cursor);
  const values = series.map(() => html("b"));
  const legend = html("span", { class: "legend" }, ...series.map((each, i) =>
    html("span", { class: each.kind }, html("i", { "aria-hidden": "true" }), `${each.name} `, values[i])));
  const top = html("span", { class: "top" });
  const begin = html("span");
  const end = html("span", {}, "now");
  figure.replaceChildren(
    html("figcaption", {}, html("span", {}, title), legend),
    html("div", { class: "canvas" }, top, image),
    html("div", { class: "axis faint" }, begin, end));

  let shown = { points: [], from: 0, span: 1 };
  let pointed = null;

  function tell() {
    const point = pointed ?? shown.points.at(-1);
    series.forEach((each, i) => {
      const value = point ? each.of(point) : null;
      setText(values[i], value === null ? "–" : format(value));
    });
    setText(end, pointed ? `${time(shown.from + shown.span - pointed.at)} ago` : "now");
    setAttribute(cursor, "visibility", pointed ? "visible" : "hidden");
    if (pointed) {
      const x = WIDTH * (pointed.at - shown.from) / shown.span;
      setAttribute(cursor, "x1", x);
      setAttribute(cursor, "x2", x);
    }
  }

  image.addEventListener("pointermove", event => {
    const box = image.getBoundingClientRect();
    const at = shown.from + shown.span * (event.clientX - box.left) / box.width;
    pointed = shown.points.reduce((best, point) =>
      best === null || Math.abs(point.at - at) < Math.abs(best.at - at) ? point : best, null);
    tell();
  });
  image.addEventListener("pointerleave", () => {
    pointed = null;
    tell();
  });

  return (points, now) => {
    const oldest = points.length === 0 ? 0 : now - points[0].at;
    const span = Math.min(MOST_MILLIS, Math.max(LEAST_MILLIS, oldest));
    shown = { points, from: now - span, span };
    pointed = pointed && points.includes(pointed) ? pointed : null;
    const all = series.flatMap(each => points.map(each.of)).filter(value => value !== null);
    const most = roundedUp(Math.max(0, ...all));
    series.forEach((each, i) => {
      const [line, area] = paths(points, each.of, shown, most);
      setAttribute(lines[i], "d", line);
      setAttribute(areas[i], "d", area);
    });
    setText(top, format(most));
    setText(begin, `${time(span)} ago`);
    const last = points.at(-1);
    setAttribute(image, "aria-label", `${title}: ` + series.map(each => {
      const value = last ? each.of(last) : null;
      return `${each.name} ${value === null ? "not known" : format(value)}`;
    }).join(", ") + `; the scale ends at ${format(most)}`);
    tell();
  };
}

/** A line, and the area below it, with a gap where a value is not known. */
function paths(points, of, { from, span }, most) {
  let line = "";
  let area = "";
  let run = [];
  const close = () => {
    if (run.length > 0) {
      const text = run.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L");
      line += `M${text}`;
      area += `M${run[0][0].toFixed(1)} ${HEIGHT}L${text}L${run.at(-1)[0].toFixed(1)} ${HEIGHT}Z`;
      run = [];
    }
  };
  for (const point of points) {
    const value = of(point);
    if (value === null) {
      close();
    } else {
      run.push([WIDTH * (point.at - from) / span, HEIGHT * (1 - value / most)]);
    }
  }
  close();
  return [line, area];
}
