// Builds and changes elements. Text goes in as text only, so nothing that is shown can become a tag.

const SVG = "http://www.w3.org/2000/svg";

export const byId = id => document.getElementById(id);

function filled(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) {
      element.addEventListener(name.slice(2), value);
    } else {
      setAttribute(element, name, value);
    }
  }
  element.append(...children);
  return element;
}

export const html = (tag, attributes = {}, ...children) =>
  filled(document.createElement(tag), attributes, children);

export const svg = (tag, attributes = {}, ...children) =>
  filled(document.createElementNS(SVG, tag), attributes, children);

/** Leaves what is as it should be alone: what somebody has selected stays so, and nothing is read out twice. */
export function setText(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

/** Takes it away where the value is false, null or undefined. */
export function setAttribute(element, name, value) {
  if (value === false || value === null || value === undefined) {
    element.removeAttribute(name);
  } else if (element.getAttribute(name) !== String(value)) {
    element.setAttribute(name, value);
  }
}

/**
 * Makes the children of an element show these items, in their order: those whose key is known are changed, others are
 * made. `make` returns the child, `change` gets it and the item.
 */
export function showAll(parent, items, keyOf, make, change) {
  const known = new Map([...parent.children].map(child => [child.dataset.key, child]));
  items.forEach((item, index) => {
    const key = String(keyOf(item));
    let child = known.get(key);
    known.delete(key);
    if (!child) {
      child = make(item);
      child.dataset.key = key;
    }
    if (parent.children[index] !== child) {
      parent.insertBefore(child, parent.children[index] ?? null);
    }
    change(child, item);
  });
  known.forEach(child => child.remove());
}

/** A row of a table; narrow screens show each cell with the title of its column. */
export const row = (titles, attributes = {}) =>
  html("tr", { role: "row", ...attributes },
    ...titles.map(title => html("td", { role: "cell", "data-title": title })));
