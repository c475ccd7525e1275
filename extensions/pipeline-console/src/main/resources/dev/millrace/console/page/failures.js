// The last failures; key and value of a dead letter only where the service tells them.

import { byId, html, setText, showAll } from "./dom.js";
import { className, clock, count, time } from "./format.js";

export function showFailures(failures, arePayloadsShown) {
  setText(byId("failures-hint"), failures.length === 0
    ? "None."
    : arePayloadsShown ? "" : "Without payloads: this console was started without showPayloads().");
  // Of those that are alike in all that is known, the first is the newest.
  const seen = new Map();
  const keyed = failures.map(failure => {
    const like = [failure.kind, failure.stage, failure.record, failure.cause].join(" ");
    seen.set(like, (seen.get(like) ?? 0) + 1);
    return { ...failure, like: `${like} ${seen.get(like)}` };
  });
  showAll(byId("failures"), keyed, failure => failure.like, make, change);
}

function make(failure) {
  const hasPayload = failure.value !== undefined;
  return html("li", {},
    html("div", { class: "failure" },
      html("span", { class: `badge ${failure.kind.replaceAll(" ", "-")}` }, failure.kind),
      html("span", { class: "where" }, [failure.record, failure.stage && `'${failure.stage}'`].filter(text => text).join(" in ")),
      html("code", { title: failure.cause }, className(failure.cause)),
      html("span", { class: "times" }),
      html("time", { class: "faint" })),
    html("p", { class: "said" }),
    ...(hasPayload ? [payload(failure)] : []));
}

const payload = failure =>
  html("details", {},
    html("summary", {}, "Key and value"),
    html("dl", {},
      html("dt", {}, "Key"), html("dd", {}, html("pre", {}, failure.key)),
      html("dt", {}, "Value"), html("dd", {}, html("pre", {}, failure.value))));

function change(item, failure) {
  setText(item.querySelector(".times"), failure.times > 1 ? `${count(failure.times)} times` : "");
  setText(item.querySelector("time"), `${clock(failure.agoMs)}, ${time(failure.agoMs)} ago`);
  setText(item.querySelector(".said"), failure.text);
}
